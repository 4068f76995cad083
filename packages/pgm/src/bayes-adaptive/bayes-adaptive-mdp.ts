import { requireCount, requireObject } from '@maxent/core';
import type { BeliefModel } from './belief-model.js';
import { BernoulliArmsModel } from './bernoulli-arms-model.js';
import { type BayesAdaptiveHorizon, type BayesAdaptiveMdp, reachHyperStates } from './hyper-states.js';
import { TaskMixtureModel } from './task-mixture-model.js';
import { requireTaskPrior, type TaskPrior } from './task-prior.js';

/** How long an agent acts in the task. What it has learned about it stays when an episode ends. */
export interface BayesAdaptiveOptions extends Pick<BayesAdaptiveHorizon, 'steps'> {
  /** Default 1. */
  readonly episodes?: number;
}

/**
 * Returns the Bayes-adaptive process of an unknown task (Duff 2002; Zintgraf et al. 2020, "VariBAD", section 2), in
 * which p(s', b' | s, b, a) = sum_M b(M) p_M(s' | s, a) with b' the posterior after s' and the reward. `solveTabular`
 * solves it: `hard` gives the Bayes-optimal values and policy, `variational` the soft ones.
 *
 * Throws InvalidInputError that names the value at fault, and where the hyper-states would take more than 2 GiB.
 */
export function bayesAdaptiveMdp(family: TaskPrior, options: BayesAdaptiveOptions): BayesAdaptiveMdp {
  const { model, horizon } = prepareBayesAdaptive(family, options);
  return reachHyperStates(model, horizon);
}

/** Throws InvalidInputError that names the value at fault. */
export function prepareBayesAdaptive(
  family: TaskPrior,
  options: BayesAdaptiveOptions,
): {
  readonly prior: ReturnType<typeof requireTaskPrior>;
  readonly model: BeliefModel;
  readonly horizon: BayesAdaptiveHorizon;
} {
  const prior = requireTaskPrior(family);
  requireObject('options', options, '{ episodes: 2, steps: 6 }');
  const { episodes = 1, steps } = options;
  requireCount('episodes', episodes);
  requireCount('steps', steps);
  const model = 'arms' in prior ? new BernoulliArmsModel(prior) : new TaskMixtureModel(prior);
  return { prior, model, horizon: { episodes, steps } };
}
