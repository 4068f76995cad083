import {
  type ActionDistribution,
  ConditionalFlow,
  type DescribedActor,
  type PolicyOptions,
  type TrainablePolicy,
} from '@maxent/agents';
import { standardNormal } from '@maxent/backend';
import type { PolicyDescription, PolicyLevel, Rng, Snapshot } from '@maxent/core';
import { type Bijector, Chain, Tanh } from '@maxent/distributions';
import * as tf from '@tensorflow/tfjs-core';

/** The shape of a flow policy. */
export type FlowDesign = {
  /** Widths of the hidden layers of the network that reads the state. */
  readonly hiddenSizes: readonly number[];
  readonly couplingLayers: number;
  /** Number of units in the hidden layer of each coupling's conditioner. */
  readonly couplingHiddenSize: number;
  /** Bound on the absolute log scale of each coupling. */
  readonly maximumLogScale: number;
  /** Whether actions lie in (-1, 1) with a uniform prior; otherwise they are unbounded with the prior N(0, I). */
  readonly squashed: boolean;
};

export type FlowPolicyOptions = PolicyOptions & FlowDesign;

/** A map of latents, [batch, d], with the logarithm of the absolute determinant of its Jacobian, [batch]. */
export type LatentMap = (latents: tf.Tensor2D) => { readonly y: tf.Tensor2D; readonly logDet: tf.Tensor1D };

/** A level of a `FlowHead`, except for what it sees and how often it acts. */
export interface DescribedLevel {
  readonly level: Pick<PolicyLevel, 'layers' | 'flow'>;
  readonly tensors: PolicyDescription['tensors'];
}

/**
 * A policy given by an invertible map of a latent variable, conditioned on the state (Haarnoja, Hartikainen, Abbeel and
 * Levine 2018, "Latent Space Policies for Hierarchical Reinforcement Learning", arXiv 1804.02808, section 4): a = f(h;
 * s), h ~ N(0, I), with log pi(a | s) = log N(h; 0, I) - log |det df/dh|. f is a chain of affine couplings, then tanh
 * if `squashed`. One network reads the state once; its outputs are added to the hidden layers of all conditioners, so
 * each conditioner is a function of the entries that its coupling keeps and of that embedding. A new policy has f(h; s)
 * = h, or tanh h.
 *
 * With one action entry, each coupling is an affine map that depends on the state alone, so the policy is a Gaussian.
 */
export class FlowPolicy implements TrainablePolicy {
  readonly observationSize: number;
  readonly actionSize: number;
  readonly design: FlowDesign;
  private readonly flow: ConditionalFlow;

  constructor({ observationSize, actionSize, rng, ...design }: FlowPolicyOptions) {
    this.observationSize = observationSize;
    this.actionSize = actionSize;
    this.design = design;
    this.flow = new ConditionalFlow({ ...design, observationSize, size: actionSize, rng });
  }

  get variables(): readonly tf.Variable[] {
    return this.flow.variables;
  }

  at(observations: tf.Tensor2D): ActionDistribution {
    const shape: [number, number] = [observations.shape[0], this.actionSize];
    return actionsOf(this.mapAt(observations), shape, this.design.squashed);
  }

  /** f(.; s), row by row; to be called in a tidy. Differentiable in the latents and the variables. */
  mapAt(observations: tf.Tensor2D): LatentMap {
    const { bijector, context } = this.flowAt(observations);
    return (latents) => bijector.forward(latents, context);
  }

  describe(part: string): DescribedActor {
    const { level, tensors } = this.describeLevel(part);
    const levels = [{ ...level, sees: null, every: 1 }];
    return { layers: [], head: { type: 'flow', levels, squashed: this.design.squashed }, tensors };
  }

  /** This policy as a level of a `FlowHead`. */
  describeLevel(part: string): DescribedLevel {
    const { tensors, ...level } = this.flow.describe(part);
    return { level, tensors };
  }

  /** f(h; s), row by row. */
  forward(latents: tf.Tensor2D, observations: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => {
      const { bijector, context } = this.flowAt(observations);
      return bijector.forward(latents, context).y;
    });
  }

  /** The h with f(h; s) = a, row by row. */
  inverse(actions: tf.Tensor2D, observations: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => {
      const { bijector, context } = this.flowAt(observations);
      return bijector.inverse(actions, context).y;
    });
  }

  /** log pi(a | s) in nats, [batch]. */
  logProb(actions: tf.Tensor2D, observations: tf.Tensor2D): tf.Tensor1D {
    return tf.tidy(() => {
      const { bijector, context } = this.flowAt(observations);
      const { y, logDet } = bijector.inverse(actions, context);
      return tf.add(standardNormalLogDensity(y), logDet);
    });
  }

  save(): Snapshot {
    return this.flow.save();
  }

  load(snapshot: Snapshot): void {
    this.flow.load(snapshot);
  }

  dispose(): void {
    this.flow.dispose();
  }

  /** The map of latents to actions in these states; to be called in a tidy. */
  private flowAt(observations: tf.Tensor2D): { bijector: Bijector; context: tf.Tensor2D } {
    const context = this.flow.context(observations);
    const couplings = this.flow.bijector();
    return { bijector: this.design.squashed ? new Chain([couplings, new Tanh()]) : couplings, context };
  }
}

/** The distribution of f(h; s), h ~ N(0, I), relative to the uniform one if `squashed` and to N(0, I) otherwise. */
export function actionsOf(map: LatentMap, shape: [number, number], squashed: boolean): ActionDistribution {
  return {
    sample: (rng: Rng) => {
      const latent = standardNormal<tf.Rank.R2>(shape, rng);
      const { y: action, logDet } = map(latent);
      const logProb = tf.sub(standardNormalLogDensity(latent), logDet);
      const logRatio = squashed ? logProb : tf.sub(logProb, standardNormalLogDensity(action));
      return { action, logRatio: logRatio as tf.Tensor1D };
    },
    mode: () => map(tf.zeros(shape)).y,
  };
}

/** log N(x; 0, I), [batch]. */
function standardNormalLogDensity(x: tf.Tensor2D): tf.Tensor1D {
  const constant = 0.5 * x.shape[1] * Math.log(2 * Math.PI);
  return tf.sub(tf.mul(tf.sum(tf.square(x), 1), -0.5), constant);
}
