import { fillTensor } from '@maxent/backend';
import { encodeValue, type Space } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';

/** The door that an error names when `act` is given something else than an observation. */
export const ACT_OBSERVATION = 'act: observation';

/**
 * One observation, flattened, as a batch of one row, [1, observation size]. Throws SpaceMismatchError that begins with
 * `door` for what is no observation of the space, or not finite.
 */
export function observationRow(
  space: Space<unknown>,
  observation: unknown,
  door = 'observation',
): tf.Tensor2D {
  return fillTensor<tf.Rank.R2>([1, space.flatSize], (array) => encodeValue(space, observation, array, door));
}
