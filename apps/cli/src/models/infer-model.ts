import type { InferAnswer } from '../commands/infer/answer.js';
import type { Figure } from '../figures/figure.js';
import { inferGraph } from './factor-graph.js';
import { inferHmm } from './hmm.js';
import { requireInferenceMemory } from './inference-memory.js';
import { inferLgssm } from './lgssm.js';
import { inferLqr } from './lqr.js';
import { inferMdp, mdpAnswer, readMdp } from './mdp.js';
import { mdpFigures } from './mdp-figures.js';
import type { Model } from './model.js';
import { factorGraphFigures, hmmFigures, lgssmFigures, lqrFigures } from './model-figures.js';
import { sizeOfModel } from './model-size.js';

export interface Inference {
  readonly answer: InferAnswer;
  readonly figures: () => Figure[];
}

/** Exact or loopy inference by the kind of the model. Throws InvalidInputError, also for what takes over 1 GiB. */
export function inferModel(model: Model): Inference {
  requireInferenceMemory(sizeOfModel(model));
  switch (model.kind) {
    case 'hmm': {
      const answer = inferHmm(model);
      return { answer, figures: () => hmmFigures(answer) };
    }
    case 'lgssm': {
      const answer = inferLgssm(model);
      return { answer, figures: () => lgssmFigures(answer) };
    }
    case 'mdp': {
      const mdp = readMdp(model);
      const posterior = inferMdp(model, mdp);
      return { answer: mdpAnswer(mdp, posterior), figures: () => mdpFigures(mdp, posterior, model.horizon) };
    }
    case 'lqr': {
      const answer = inferLqr(model);
      return { answer, figures: () => lqrFigures(answer) };
    }
    case 'factor-graph': {
      const answer = inferGraph(model);
      return { answer, figures: () => factorGraphFigures(answer) };
    }
  }
}
