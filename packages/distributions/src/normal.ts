import { fillTensor } from '@maxent/backend';
import { InvalidInputError, type Rng, requireObject, requireRng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Distribution, SampleAndLogProb } from './distribution.js';
import {
  broadcastTo,
  checkBroadcastsTo,
  checkBroadcastsWith,
  checkSampleShape,
  requireTensor,
} from './shapes.js';

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/**
 * `mean` determines the shape; `std`, which must be positive, or `logStd` broadcasts to it. `logStd` is better for
 * learning: every real number is valid, and no digits are lost.
 */
export type NormalParameters =
  | { readonly mean: tf.Tensor; readonly std: tf.Tensor }
  | { readonly mean: tf.Tensor; readonly logStd: tf.Tensor };

/**
 * Independent normal distributions of numbers: log p(x) = -((x - mean) / std)^2 / 2 - log std - log(2 pi) / 2.
 *
 * @throws InvalidInputError if `std` or `logStd` does not broadcast to the mean's shape.
 */
export class Normal implements Distribution {
  /** @internal The same in every copy of this package. */
  static readonly kind: symbol = Symbol.for('@maxent/distributions/Normal');
  readonly eventShape: readonly number[] = [];
  readonly reparameterized = true;

  constructor(private readonly parameters: NormalParameters) {
    requireNormalParameters(parameters);
    const { mean } = parameters;
    if ('std' in parameters) checkBroadcastsTo('std', parameters.std.shape, mean.shape);
    else checkBroadcastsTo('logStd', parameters.logStd.shape, mean.shape);
  }

  get batchShape(): readonly number[] {
    return this.parameters.mean.shape;
  }

  mean(): tf.Tensor {
    return this.parameters.mean.clone();
  }

  std(): tf.Tensor {
    return tf.tidy(() => broadcastTo(this.deviation(), this.batchShape));
  }

  /** The logarithm of `std`, [...batchShape]. */
  logStd(): tf.Tensor {
    return tf.tidy(() => broadcastTo(this.logDeviation(), this.batchShape));
  }

  sample(rng: Rng, sampleShape: readonly number[] = []): tf.Tensor {
    return tf.tidy(() => this.displace(this.noise(rng, sampleShape)));
  }

  sampleAndLogProb(rng: Rng, sampleShape: readonly number[] = []): SampleAndLogProb {
    return tf.tidy(() => {
      const noise = this.noise(rng, sampleShape);
      // Use the noise, which is the standardized sample: subtracting the mean again would lose digits.
      return { sample: this.displace(noise), logProb: this.logDensity(noise) };
    });
  }

  logProb(value: tf.Tensor): tf.Tensor {
    requireTensor('value', value);
    checkBroadcastsWith('value', value.shape, this.batchShape);
    return tf.tidy(() => this.logDensity(tf.div(tf.sub(value, this.parameters.mean), this.deviation())));
  }

  /** (1 + log(2 pi)) / 2 + log std. */
  entropy(): tf.Tensor {
    return tf.tidy(() => tf.add(this.logStd(), 0.5 + HALF_LOG_TWO_PI));
  }

  mode(): tf.Tensor {
    return this.mean();
  }

  private deviation(): tf.Tensor {
    return 'std' in this.parameters ? this.parameters.std : tf.exp(this.parameters.logStd);
  }

  private logDeviation(): tf.Tensor {
    return 'std' in this.parameters ? tf.log(this.parameters.std) : this.parameters.logStd;
  }

  private noise(rng: Rng, sampleShape: readonly number[]): tf.Tensor {
    requireRng(rng);
    checkSampleShape(sampleShape);
    return fillTensor([...sampleShape, ...this.batchShape], (values) => rng.fillNormal(values));
  }

  private displace(noise: tf.Tensor): tf.Tensor {
    return tf.add(this.parameters.mean, tf.mul(this.deviation(), noise));
  }

  private logDensity(standardized: tf.Tensor): tf.Tensor {
    return tf.sub(tf.mul(tf.square(standardized), -0.5), tf.add(this.logDeviation(), HALF_LOG_TWO_PI));
  }
}

/** Throws InvalidInputError that names which parameter of a normal distribution is missing or not a tensor. */
export function requireNormalParameters(parameters: NormalParameters): void {
  requireObject('parameters', parameters, '{ mean: tf.scalar(0), std: tf.scalar(1) }');
  requireTensor('mean', parameters.mean);
  if ('std' in parameters) requireTensor('std', parameters.std);
  else if ('logStd' in parameters) requireTensor('logStd', parameters.logStd);
  else {
    throw new InvalidInputError(
      'std',
      `is required, or logStd in its place; got ${Object.keys(parameters).join(', ')}`,
    );
  }
}
