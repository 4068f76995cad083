import { type SquashedGaussianOptions } from '@maxent/backend';
import { type Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { DiagonalNormal } from './diagonal-normal.js';
import type { Distribution, SampleAndLogProb } from './distribution.js';
/** A policy network's output: clamping bounds as `squashedGaussian` of @maxent/backend takes them. */
export interface TanhNormalHead extends SquashedGaussianOptions {
  /** [batch, 2 * size]: means, then raw log standard deviations. */
  readonly head: tf.Tensor2D;
}
export interface TanhNormalSample extends SampleAndLogProb {
  /** The draw before squashing; `sample` is its tanh. */
  readonly raw: tf.Tensor;
}
/**
 * tanh of a diagonal normal distribution, per component in (-1, 1): with a = tanh(u),
 * log p(a) = sum_i log N(u_i; mean_i, stddev_i) - log(1 - tanh(u_i)^2) (Haarnoja et al. 2018, appendix C). The second
 * term is computed as 2 (log 2 - |u| - softplus(-2 |u|)), which stays exact where 1 - tanh(u)^2 rounds to 0.
 *
 * From |u| of about 9 on, float32 tanh(u) is 1 and u cannot be recovered from it. Keep `raw` and score that.
 *
 * @throws InvalidInputError if a head has not an even number of columns.
 */
export declare class TanhNormal implements Distribution {
  private readonly source;
  /** Over a distribution of raw values, or over a network's output, which then takes the fused road to a sample. */
  constructor(source: DiagonalNormal | TanhNormalHead);
  get batchShape(): readonly number[];
  get eventShape(): readonly number[];
  /** The distribution of raw values; cut out of the head anew at each call if there is one. */
  base(): DiagonalNormal;
  sample(rng: Rng, sampleShape?: readonly number[]): tf.Tensor;
  sampleAndLogProb(rng: Rng, sampleShape?: readonly number[]): TanhNormalSample;
  /**
   * Log-density of a squashed value, by way of its inverse. Values are first clipped to +-(1 - 2^-24), the nearest
   * float32 to +-1, of raw value +-8.66: at and near the ends the result is finite but says little. Use
   * `logProbOfRaw` for values drawn here.
   */
  logProb(value: tf.Tensor): tf.Tensor;
  /** Log-density of tanh(raw), exact for every finite `raw`. */
  logProbOfRaw(raw: tf.Tensor): tf.Tensor;
  /** @throws NoClosedFormError always: use `estimateEntropy`. */
  entropy(): never;
  /**
   * Unbiased estimate of the differential entropy in nats, [...batchShape]: the mean of -log p over `samples` draws,
   * differentiable in the parameters.
   */
  estimateEntropy(rng: Rng, samples: number): tf.Tensor;
  /**
   * tanh(mean), the squashed mode of the raw values and the median of each component: what SAC acts with when asked
   * to be deterministic. It is not where the density of the squashed value peaks: for a large deviation that is near
   * +-1.
   */
  mode(): tf.Tensor;
}
//# sourceMappingURL=tanh-normal.d.ts.map
