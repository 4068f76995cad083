import { InvalidInputError, type Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Distribution, SampleAndLogProb } from './distribution.js';
import { requireDistribution, requireTensor } from './shapes.js';

/**
 * Treats the last batch dimensions of a distribution as one event, such as an image instead of a batch of pixels:
 * log p(x) = sum_i log p_i(x_i) over those dimensions.
 *
 * @throws InvalidInputError if the base does not have that many batch dimensions.
 */
export class Independent<Base extends Distribution = Distribution> implements Distribution {
  /** @internal The same in every copy of this package. */
  static readonly kind: symbol = Symbol.for('@maxent/distributions/Independent');
  /** @param reinterpretedBatchDimensions how many dimensions move from the batch to the event; default 1. */
  constructor(
    readonly base: Base,
    readonly reinterpretedBatchDimensions = 1,
  ) {
    requireDistribution('base', base);
    const { length } = base.batchShape;
    const count = reinterpretedBatchDimensions;
    if (!Number.isInteger(count) || count < 1 || count > length) {
      throw new InvalidInputError(
        'reinterpretedBatchDimensions',
        `expected an integer from 1 to ${length}, the base's number of batch dimensions, got ${count}`,
      );
    }
  }

  get reparameterized(): boolean {
    return this.base.reparameterized;
  }

  get batchShape(): readonly number[] {
    return this.base.batchShape.slice(0, -this.reinterpretedBatchDimensions);
  }

  get eventShape(): readonly number[] {
    return [...this.base.batchShape.slice(-this.reinterpretedBatchDimensions), ...this.base.eventShape];
  }

  sample(rng: Rng, sampleShape: readonly number[] = []): tf.Tensor {
    return this.base.sample(rng, sampleShape);
  }

  sampleAndLogProb(rng: Rng, sampleShape: readonly number[] = []): SampleAndLogProb {
    return tf.tidy(() => {
      const { sample, logProb } = this.base.sampleAndLogProb(rng, sampleShape);
      return { sample, logProb: this.sumOverEvent(logProb) };
    });
  }

  logProb(value: tf.Tensor): tf.Tensor {
    requireTensor('value', value);
    const { eventShape } = this;
    if (value.shape.slice(-eventShape.length).join() !== eventShape.join()) {
      throw new InvalidInputError('value', `expected shape [..., ${eventShape}], got [${value.shape}]`);
    }
    return tf.tidy(() => this.sumOverEvent(this.base.logProb(value)));
  }

  entropy(): tf.Tensor {
    return tf.tidy(() => this.sumOverEvent(this.base.entropy()));
  }

  mode(): tf.Tensor {
    return this.base.mode();
  }

  /** Sums over the dimensions that became the event: the last ones of a tensor that ends in the base's batch shape. */
  sumOverEvent(x: tf.Tensor): tf.Tensor {
    const axes = Array.from({ length: this.reinterpretedBatchDimensions }, (_, i) => -1 - i);
    return tf.sum(x, axes);
  }
}
