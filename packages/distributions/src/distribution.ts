import type { Rng } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';

export interface SampleAndLogProb {
  /** [...sampleShape, ...batchShape, ...eventShape]. */
  readonly sample: tf.Tensor;
  /** Log-density or log-probability of `sample` in nats, [...sampleShape, ...batchShape]. */
  readonly logProb: tf.Tensor;
}

/**
 * A batch of distributions of one family, over parameters that belong to the caller. Methods return new tensors, so
 * call them inside `tf.tidy`. A value to be scored may have leading dimensions before the batch, or less than the
 * batch where it broadcasts. Parameters are not checked for their values (a negative deviation, a NaN): reading them
 * would wait for the device.
 */
export interface Distribution {
  /** Shape of the batch of distributions, each independent of the others. */
  readonly batchShape: readonly number[];
  /** Shape of one draw from one of them; [] for a number. */
  readonly eventShape: readonly number[];
  /** Whether a draw is differentiable in the parameters; if not, it is a constant to gradients. */
  readonly reparameterized: boolean;
  /**
   * Draws from each distribution of the batch, `sampleShape` times over (default once); the noise comes from `rng`,
   * so equal streams give equal draws.
   */
  sample(rng: Rng, sampleShape?: readonly number[]): tf.Tensor;
  /** The draw that `sample` would give, with its log-probability: cheaper and more exact than asking for both. */
  sampleAndLogProb(rng: Rng, sampleShape?: readonly number[]): SampleAndLogProb;
  /** Log-density (continuous) or log-probability (discrete) of a value, in nats, summed over the event. */
  logProb(value: tf.Tensor): tf.Tensor;
  /**
   * Entropy in nats, [...batchShape]; differential, hence possibly negative, for continuous values.
   *
   * @throws NoClosedFormError where only an estimate exists.
   */
  entropy(): tf.Tensor;
  /** The most likely value, [...batchShape, ...eventShape]. */
  mode(): tf.Tensor;
}
