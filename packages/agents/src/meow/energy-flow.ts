import { squash } from '@maxent/backend';
import type { Rng, Snapshot } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import type { DescribedActor } from '../describe-network.js';
import { ConditionalFlow, type ConditionalFlowDesign } from '../flow/conditional-flow.js';
import { type AgentPart, joinParts, networkPart } from '../learner/agent-parts.js';
import { Prior, type PriorOptions } from './prior.js';

export interface EnergyFlowOptions extends PriorOptions, Omit<ConditionalFlowDesign, 'hiddenSizes'> {}

/** A policy in each of B states, over actions a = tanh(u); its methods are called in a tidy. */
export interface EnergyFlowAt {
  /** log pi(a | s) + log normalizer(s) at the actions with these u, [B, d]; differentiable in the parameters. [B] */
  logShape(unsquashed: tf.Tensor2D): tf.Tensor1D;
  /** [B] */
  logNormalizer(): tf.Tensor1D;
  /** u of a draw, [B, d]. */
  sample(rng: Rng): tf.Tensor2D;
  /** u of the deterministic action, [B, d]: where the flow maps the prior's mode. */
  mode(): tf.Tensor2D;
  /** Of the prior: mean over states and entries. */
  meanLogStd(): tf.Scalar;
}

/**
 * A flow as an energy-based model (MEow, Chao et al. 2024, arXiv 2405.13629): z ~ prior(s), u = couplings(z;
 * s), a = tanh(u). The log-density is split into a shape that depends on the action and a normalizer that does not:
 *
 *   log pi(a | s) = shape(s, a) - normalizer(s)
 *   shape(s, a) = log g(z; s) + log |det dz/du| - sum_i log(1 - a_i^2)
 *   normalizer(s) = log of the integral of g(z; s) dz
 *
 * where g is the prior's unnormalized density. The normalizer needs neither an action nor the couplings, and the policy
 * is a density on (-1, 1)^d. Everything is computed from u: near the bounds, a in float32 no longer has its digits.
 */
export class EnergyFlow implements Required<AgentPart> {
  private readonly prior: Prior;
  private readonly couplings: ConditionalFlow;
  private readonly parts: Required<AgentPart>;

  constructor({ rng, ...options }: EnergyFlowOptions) {
    this.prior = Prior.create({ ...options, rng: rng.split('prior') });
    this.couplings = new ConditionalFlow({
      ...options,
      // With one entry, each layer would be the same shift.
      couplingLayers: options.size === 1 ? 1 : options.couplingLayers,
      rng: rng.split('flow'),
    });
    this.parts = joinParts('meow', { prior: networkPart(this.prior.network), flow: this.couplings });
  }

  get variables(): readonly tf.Variable[] {
    return [this.prior.network.parameters, ...this.couplings.variables];
  }

  /** A copy of the prior that only `polyakStep` updates. Values of states need nothing else. */
  createTargetPrior(): Prior {
    return this.prior.createTarget();
  }

  get priorParameters(): tf.Variable<tf.Rank.R1> {
    return this.prior.network.parameters;
  }

  at(observations: tf.Tensor2D): EnergyFlowAt {
    const prior = this.prior.at(observations);
    const context = this.couplings.context(observations);
    const map = this.couplings.bijector();
    return {
      logShape: (unsquashed) => {
        const { y: z, logDet } = map.inverse(unsquashed, context);
        return tf.sub(tf.add(prior.logShape(z), logDet), squash(unsquashed).logDet);
      },
      logNormalizer: () => prior.logNormalizer(),
      sample: (rng) => map.forward(prior.sample(rng), context).y,
      mode: () => map.forward(prior.mode(), context).y,
      meanLogStd: () => prior.meanLogStd(),
    };
  }

  /** The prior as the upper level of a flow, the couplings as the lower one; tensors' names are those of `save`. */
  describe(): DescribedActor {
    const levels = [this.couplings.describe('flow'), this.prior.describe('prior')];
    return {
      layers: [],
      head: {
        type: 'flow',
        levels: levels.map(({ layers, flow }) => ({ layers, flow, sees: null, every: 1 })),
        squashed: true,
      },
      tensors: Object.assign({}, ...levels.map(({ tensors }) => tensors)),
    };
  }

  save(): Snapshot {
    return this.parts.save();
  }

  load(snapshot: Snapshot): void {
    this.parts.load(snapshot);
  }

  dispose(): void {
    this.parts.dispose();
  }
}
