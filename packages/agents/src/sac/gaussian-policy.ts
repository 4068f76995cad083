import type { Rng, Snapshot } from '@maxent/core';
import { TanhNormal } from '@maxent/distributions';
import { Mlp } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type DescribedActor, describeNetworks } from '../describe-network.js';
import type { ActionDistribution, PolicyOptions, TrainablePolicy } from './trainable-policy.js';

export interface GaussianPolicyOptions extends PolicyOptions {
  readonly hiddenSizes: readonly number[];
  /** Weight of mean(mean^2) + mean((log std)^2) in the actor's loss; default 0. */
  readonly regularization?: number;
}

/** Log standard deviations are clamped to this range (Haarnoja et al. 2018, as in the authors' code). */
const LOG_STD = { minimumLogStd: -20, maximumLogStd: 2 };

/** The policy of a network's outputs: means, then log standard deviations, [B, 2 d]. */
export function gaussianOf(head: tf.Tensor2D): TanhNormal {
  return new TanhNormal({ head, ...LOG_STD });
}

/** A tanh-Gaussian as a distribution over actions. */
export function actionsOf(distribution: TanhNormal): ActionDistribution {
  return {
    sample: (rng: Rng) => {
      const { sample, logProb } = distribution.sampleAndLogProb(rng);
      return { action: sample as tf.Tensor2D, logRatio: logProb as tf.Tensor1D };
    },
    mode: () => distribution.mode() as tf.Tensor2D,
  };
}

/** The policy of a network with such outputs, for a `PolicyDescription`. */
export function describeGaussian(part: string, network: Mlp): DescribedActor {
  const { networks, tensors } = describeNetworks(part, network);
  return {
    layers: networks[0]!,
    head: {
      type: 'squashed-gaussian',
      minimumLogStd: LOG_STD.minimumLogStd,
      maximumLogStd: LOG_STD.maximumLogStd,
    },
    tensors,
  };
}

/**
 * A network that outputs the means and log standard deviations of a Gaussian squashed by tanh; the prior is uniform.
 */
export class GaussianPolicy implements TrainablePolicy {
  private readonly network: Mlp;
  private readonly regularization: number;

  constructor({ observationSize, actionSize, hiddenSizes, regularization = 0, rng }: GaussianPolicyOptions) {
    this.regularization = regularization;
    this.network = new Mlp({ inputSize: observationSize, hiddenSizes, outputSize: 2 * actionSize, rng });
  }

  get variables(): readonly tf.Variable[] {
    return [this.network.parameters];
  }

  at(observations: tf.Tensor2D): ActionDistribution {
    const distribution = gaussianOf(this.network.apply(observations));
    return {
      ...actionsOf(distribution),
      ...(this.regularization > 0 && {
        penalty: () => {
          const raw = distribution.base();
          const squares = tf.add(tf.mean(tf.square(raw.mean())), tf.mean(tf.square(tf.log(raw.std()))));
          return tf.mul(squares, this.regularization) as tf.Scalar;
        },
      }),
    };
  }

  describe(part: string): DescribedActor {
    return describeGaussian(part, this.network);
  }

  save(): Snapshot {
    return { arrays: this.network.namedArrays(), metadata: {} };
  }

  load({ arrays }: Snapshot): void {
    this.network.loadNamedArrays(arrays);
  }

  dispose(): void {
    this.network.dispose();
  }
}
