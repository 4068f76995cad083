import { tensorOf } from '@maxent/backend';
import { encodeValue, type Space } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { ObservationNormalization } from './observation-normalization.js';

/** One observation as networks read it: flat, and normalized where they are. Memory is reused from one to the next. */
export class ObservationRow {
  /** What was read last, [observation size]. */
  readonly values: Float32Array;

  constructor(
    private readonly space: Space<unknown>,
    private readonly normalization?: ObservationNormalization | undefined,
  ) {
    this.values = new Float32Array(space.flatSize);
  }

  /**
   * Throws SpaceMismatchError that begins with `door`, such as `act: observation`, for what is not an observation of the
   * space, or not finite.
   */
  read(observation: unknown, door: string): void {
    encodeValue(this.space, observation, this.values, door);
    this.normalization?.apply(this.values);
  }

  /** Reads an observation that is flat already, as it came. */
  readFlat(observation: Float32Array): void {
    this.values.set(observation);
    this.normalization?.apply(this.values);
  }

  /** What was read last, as a batch of one row, [1, observation size]. */
  tensor(): tf.Tensor2D {
    return tensorOf<tf.Rank.R2>(this.values, [1, this.values.length]);
  }
}
