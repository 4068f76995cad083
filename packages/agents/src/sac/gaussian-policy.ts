import type { Rng, Snapshot } from '@maxent/core';
import { TanhNormal } from '@maxent/distributions';
import { Mlp } from '@maxent/nn';
import type * as tf from '@tensorflow/tfjs-core';
import type { ActionDistribution, PolicyOptions, TrainablePolicy } from './trainable-policy.js';

/** A network that gives means and log standard deviations of a Gaussian squashed by tanh; the prior is uniform. */
export class GaussianPolicy implements TrainablePolicy {
  private readonly network: Mlp;

  constructor({
    observationSize,
    actionSize,
    hiddenSizes,
    rng,
  }: PolicyOptions & { readonly hiddenSizes: readonly number[] }) {
    this.network = new Mlp({ inputSize: observationSize, hiddenSizes, outputSize: 2 * actionSize, rng });
  }

  get variables(): readonly tf.Variable[] {
    return [this.network.parameters];
  }

  at(observations: tf.Tensor2D): ActionDistribution {
    const distribution = new TanhNormal({ head: this.network.apply(observations) });
    return {
      sample: (rng: Rng) => {
        const { sample, logProb } = distribution.sampleAndLogProb(rng);
        return { action: sample as tf.Tensor2D, logRatio: logProb as tf.Tensor1D };
      },
      mode: () => distribution.mode() as tf.Tensor2D,
    };
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
