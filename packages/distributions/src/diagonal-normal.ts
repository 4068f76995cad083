import { InvalidInputError, type Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Distribution, SampleAndLogProb } from './distribution.js';
import { Normal, type NormalParameters, requireNormalParameters } from './normal.js';
import { requireTensor } from './shapes.js';

/**
 * Normal distributions of vectors with diagonal covariance: the last dimension of the parameters is the event, and
 * log p(x) = sum_i log N(x_i; mean_i, std_i).
 *
 * @throws InvalidInputError if the mean is a scalar or `std` does not broadcast to its shape.
 */
export class DiagonalNormal implements Distribution {
  /** @internal The same in every copy of this package. */
  static readonly kind: symbol = Symbol.for('@maxent/distributions/DiagonalNormal');
  readonly reparameterized = true;
  /** The same parameters, as a separate distribution for each entry. */
  readonly components: Normal;

  constructor(parameters: NormalParameters) {
    requireNormalParameters(parameters);
    if (parameters.mean.rank === 0) {
      throw new InvalidInputError('mean', 'expected shape [..., size], got a scalar; Normal takes scalars');
    }
    this.components = new Normal(parameters);
  }

  get batchShape(): readonly number[] {
    return this.components.batchShape.slice(0, -1);
  }

  get eventShape(): readonly number[] {
    return this.components.batchShape.slice(-1);
  }

  mean(): tf.Tensor {
    return this.components.mean();
  }

  /** The square roots of the covariance's diagonal. */
  std(): tf.Tensor {
    return this.components.std();
  }

  logStd(): tf.Tensor {
    return this.components.logStd();
  }

  sample(rng: Rng, sampleShape: readonly number[] = []): tf.Tensor {
    return this.components.sample(rng, sampleShape);
  }

  sampleAndLogProb(rng: Rng, sampleShape: readonly number[] = []): SampleAndLogProb {
    return tf.tidy(() => {
      const { sample, logProb } = this.components.sampleAndLogProb(rng, sampleShape);
      return { sample, logProb: tf.sum(logProb, -1) };
    });
  }

  logProb(value: tf.Tensor): tf.Tensor {
    requireTensor('value', value);
    const [size] = this.eventShape;
    if (value.shape.at(-1) !== size) {
      throw new InvalidInputError('value', `expected shape [..., ${size}], got [${value.shape}]`);
    }
    return tf.tidy(() => tf.sum(this.components.logProb(value), -1));
  }

  entropy(): tf.Tensor {
    return tf.tidy(() => tf.sum(this.components.entropy(), -1));
  }

  mode(): tf.Tensor {
    return this.mean();
  }
}
