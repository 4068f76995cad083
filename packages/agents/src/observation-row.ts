import { tensorOf } from '@maxent/backend';
import { encodeValue, requireSpace, type Space } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';

/** One observation, flattened, as networks read it. Memory is reused from observation to observation. */
export class ObservationRow {
  private readonly flat: Float32Array;

  /** Throws SpaceMismatchError for what is no space. */
  constructor(private readonly space: Space<unknown>) {
    requireSpace('observationSpace', space);
    this.flat = new Float32Array(space.flatSize);
  }

  /**
   * Throws SpaceMismatchError that begins with `door`, such as `act: observation`, for what is no observation of the
   * space, or not finite.
   */
  read(observation: unknown, door: string): void {
    encodeValue(this.space, observation, this.flat, door);
  }

  /** What was read last, as a batch of one row, [1, observation size]. */
  tensor(): tf.Tensor2D {
    return tensorOf<tf.Rank.R2>(this.flat, [1, this.flat.length]);
  }
}
