import type { Rng } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';

export interface SampleAndLogProb {
  /** [...sampleShape, ...batchShape, ...eventShape]. */
  readonly sample: tf.Tensor;
  /** The log-density or log-probability of `sample` in nats, [...sampleShape, ...batchShape]. */
  readonly logProb: tf.Tensor;
}

/**
 * A batch of distributions of one family. The caller owns the parameters. Methods return new tensors, so call them
 * inside `tf.tidy`. A value to be scored may have leading dimensions before the batch, or fewer dimensions if it
 * broadcasts. The values of parameters are not checked (such as for a negative std or a NaN), because reading them
 * would wait for the device.
 */
export interface Distribution {
  /** The shape of the batch of independent distributions. */
  readonly batchShape: readonly number[];
  /** The shape of one draw from one of them; [] for a number. */
  readonly eventShape: readonly number[];
  /** Whether a draw is differentiable in the parameters; if not, gradients treat it as a constant. */
  readonly reparameterized: boolean;
  /**
   * Draws from each distribution of the batch, as many times as `sampleShape` says (default once). The noise comes from
   * `rng`, so equal streams give equal draws.
   */
  sample(rng: Rng, sampleShape?: readonly number[]): tf.Tensor;
  /** The draw that `sample` would return, with its log-probability: cheaper and more exact than calling both. */
  sampleAndLogProb(rng: Rng, sampleShape?: readonly number[]): SampleAndLogProb;
  /** The log-density (continuous) or log-probability (discrete) of a value, in nats, summed over the event. */
  logProb(value: tf.Tensor): tf.Tensor;
  /**
   * The entropy in nats, [...batchShape]. For continuous values it is the differential entropy, which may be negative.
   *
   * @throws NoClosedFormError if it can only be estimated.
   */
  entropy(): tf.Tensor;
  /** The most likely value, [...batchShape, ...eventShape]. */
  mode(): tf.Tensor;
}
