import { describeNetworks } from '@maxent/agents';
import type { Snapshot } from '@maxent/core';
import { Mlp } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type Beliefs, priorBeliefs, productOfGaussians } from '../beliefs.js';
import type { ContextEncoder, ContextEncoderOptions, DescribedEncoder } from './context-encoder.js';

export interface ProductEncoderOptions extends ContextEncoderOptions {
  /** Whether N(0, I) is one of the factors. */
  readonly includePrior: boolean;
}

/**
 * PEARL's encoder (Rakelly et al. 2019, section 4.1): a network turns every transition into a Gaussian factor (a mean
 * and the softplus of a raw variance), and the belief is the product of the factors.
 */
export class ProductEncoder implements ContextEncoder {
  private readonly network: Mlp;
  private readonly latentSize: number;
  private readonly includePrior: boolean;

  constructor({ rowSize, hiddenSizes, latentSize, includePrior, rng }: ProductEncoderOptions) {
    this.network = new Mlp({ inputSize: rowSize, hiddenSizes, outputSize: 2 * latentSize, rng });
    this.latentSize = latentSize;
    this.includePrior = includePrior;
  }

  get variables(): readonly tf.Variable[] {
    return [this.network.parameters];
  }

  infer(context: tf.Tensor3D): Beliefs {
    const { latentSize } = this;
    const [tasks, transitions, rowSize] = context.shape;
    if (transitions === 0) return priorBeliefs(tasks, latentSize);
    const factors = this.network.apply(tf.reshape(context, [tasks * transitions, rowSize]));
    const [mean, raw] = tf.split(factors, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    const shape: [number, number, number] = [tasks, transitions, latentSize];
    return productOfGaussians(tf.reshape(mean, shape), tf.reshape(tf.softplus(raw), shape), {
      includePrior: this.includePrior,
    });
  }

  describe(part: string): DescribedEncoder {
    const { networks, tensors } = describeNetworks(part, this.network);
    return { encoder: { type: 'product', layers: networks[0]!, includePrior: this.includePrior }, tensors };
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
