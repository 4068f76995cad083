import { tensorOf } from '@maxent/backend';
import { encodeValue, type Space } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { ObservationNormalization } from './observation-normalization.js';

/**
 * One observation as networks read it: flat, and normalized if observations are. Its memory is reused for the next one.
 */
export class ObservationRow {
  /** The last observation read, [observation size]. */
  readonly values: Float32Array;

  constructor(
    private readonly space: Space<unknown>,
    private readonly normalization?: ObservationNormalization | undefined,
  ) {
    this.values = new Float32Array(space.flatSize);
  }

  /**
   * Throws SpaceMismatchError, whose message begins with `door`, such as `act: observation`, if the observation does
   * not belong to the space or is not finite.
   */
  read(observation: unknown, door: string): void {
    encodeValue(this.space, observation, this.values, door);
    this.normalization?.apply(this.values);
  }

  /** Reads a raw observation that is already flat. */
  readFlat(observation: Float32Array): void {
    this.values.set(observation);
    this.normalization?.apply(this.values);
  }

  /** The last observation read, as a batch of one row, [1, observation size]. */
  tensor(): tf.Tensor2D {
    return tensorOf<tf.Rank.R2>(this.values, [1, this.values.length]);
  }
}
