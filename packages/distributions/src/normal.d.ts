import type { Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Distribution, SampleAndLogProb } from './distribution.js';
/**
 * `mean` gives the shape; the deviation, positive, or its logarithm, broadcasts to it. The logarithm is the better
 * choice for learning: every real number is valid, and no digits are lost on the way.
 */
export type NormalParameters =
  | {
      readonly mean: tf.Tensor;
      readonly stddev: tf.Tensor;
    }
  | {
      readonly mean: tf.Tensor;
      readonly logStddev: tf.Tensor;
    };
/**
 * Independent normal distributions of numbers: log p(x) = -((x - mean) / stddev)^2 / 2 - log stddev - log(2 pi) / 2.
 *
 * @throws InvalidInputError if the deviation does not broadcast to the mean's shape.
 */
export declare class Normal implements Distribution {
  private readonly parameters;
  readonly eventShape: readonly number[];
  constructor(parameters: NormalParameters);
  get batchShape(): readonly number[];
  mean(): tf.Tensor;
  stddev(): tf.Tensor;
  /** The logarithm of `stddev`. */
  logStddev(): tf.Tensor;
  sample(rng: Rng, sampleShape?: readonly number[]): tf.Tensor;
  sampleAndLogProb(rng: Rng, sampleShape?: readonly number[]): SampleAndLogProb;
  logProb(value: tf.Tensor): tf.Tensor;
  /** (1 + log(2 pi)) / 2 + log stddev. */
  entropy(): tf.Tensor;
  mode(): tf.Tensor;
  private deviation;
  private logDeviation;
  private noise;
  private displace;
  private logDensity;
}
//# sourceMappingURL=normal.d.ts.map
