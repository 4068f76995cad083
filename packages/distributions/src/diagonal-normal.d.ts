import { type Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Distribution, SampleAndLogProb } from './distribution.js';
import { Normal, type NormalParameters } from './normal.js';
/**
 * Normal distributions of vectors with diagonal covariance: the last dimension of the parameters is the event, and
 * log p(x) = sum_i log N(x_i; mean_i, stddev_i).
 *
 * @throws InvalidInputError if the mean is a scalar or the deviation does not broadcast to its shape.
 */
export declare class DiagonalNormal implements Distribution {
  /** The same numbers, each its own distribution. */
  readonly components: Normal;
  constructor(parameters: NormalParameters);
  get batchShape(): readonly number[];
  get eventShape(): readonly number[];
  mean(): tf.Tensor;
  /** Square roots of the covariance's diagonal. */
  stddev(): tf.Tensor;
  logStddev(): tf.Tensor;
  sample(rng: Rng, sampleShape?: readonly number[]): tf.Tensor;
  sampleAndLogProb(rng: Rng, sampleShape?: readonly number[]): SampleAndLogProb;
  logProb(value: tf.Tensor): tf.Tensor;
  entropy(): tf.Tensor;
  mode(): tf.Tensor;
}
//# sourceMappingURL=diagonal-normal.d.ts.map
