import { fillTensor } from '@maxent/backend';
import type { Space } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';

/** One observation, flattened, as a batch of one row, [1, observation size]. */
export function observationRow(space: Space<unknown>, observation: unknown): tf.Tensor2D {
  return fillTensor<tf.Rank.R2>([1, space.flatSize], (array) => space.flattenInto(observation, array));
}
