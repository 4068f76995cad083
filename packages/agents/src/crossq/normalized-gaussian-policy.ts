import type { Snapshot } from '@maxent/core';
import { lecunNormal, type Mlp, NormalizedMlp } from '@maxent/nn';
import type * as tf from '@tensorflow/tfjs-core';
import type { DescribedActor } from '../describe-network.js';
import { actionsOf, describeGaussian, gaussianOf } from '../sac/gaussian-policy.js';
import type { ActionDistribution, PolicyOptions, TrainablePolicy } from '../sac/trainable-policy.js';

export interface NormalizedGaussianPolicyOptions extends PolicyOptions {
  readonly hiddenSizes: readonly number[];
  readonly renormalizeAfter: number | null;
}

/** The tanh-Gaussian policy of soft actor-critic on a network with batch normalization. */
export class NormalizedGaussianPolicy implements TrainablePolicy {
  private readonly network: NormalizedMlp;
  /** The network as it is evaluated: it acts, draws next actions and is exported. */
  private readonly evaluated: Mlp;

  constructor({
    observationSize,
    actionSize,
    hiddenSizes,
    renormalizeAfter,
    rng,
  }: NormalizedGaussianPolicyOptions) {
    this.network = new NormalizedMlp({
      inputSize: observationSize,
      hiddenSizes,
      outputSize: 2 * actionSize,
      initializer: lecunNormal(),
      renormalizeAfter,
      rng,
    });
    this.evaluated = this.network.createFolded();
  }

  get variables(): readonly tf.Variable[] {
    return [this.network.parameters];
  }

  /** Normalized by the running statistics; not differentiable in the variables. */
  at(observations: tf.Tensor2D): ActionDistribution {
    return actionsOf(gaussianOf(this.evaluated.apply(observations)));
  }

  /** Normalized by this batch's statistics, which move the running ones. Call `settle` after the step that follows. */
  train(observations: tf.Tensor2D): ActionDistribution {
    return actionsOf(gaussianOf(this.network.train(observations)));
  }

  /** From now on `at` has the parameters and statistics of now. */
  settle(): void {
    this.network.foldInto(this.evaluated);
  }

  /** The evaluated network: a policy file needs no normalization. */
  describe(part: string): DescribedActor {
    return describeGaussian(part, this.evaluated);
  }

  save(): Snapshot {
    return this.network.save();
  }

  load(snapshot: Snapshot): void {
    this.network.load(snapshot);
    this.settle();
  }

  dispose(): void {
    this.network.dispose();
    this.evaluated.dispose();
  }
}
