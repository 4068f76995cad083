import { InvalidInputError } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';

/**
 * Throws InvalidInputError that names `field` and the range of `data`, if given, unless every bound is a finite number.
 */
export function requireFiniteBound(field: string, bound: tf.Tensor, data?: tf.Tensor): void {
  const bounds = bound.dataSync();
  const at = bounds.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  let range = '';
  if (data !== undefined) {
    let [least, largest] = [Infinity, -Infinity];
    for (const value of data.dataSync()) {
      least = Math.min(least, value);
      largest = Math.max(largest, value);
    }
    range = Number.isNaN(least) ? ', for data that contain NaN' : `, for data from ${least} to ${largest}`;
  }
  throw new InvalidInputError(
    field,
    `expected data that give a finite bound, got ${bounds[at]} for datum ${at} before any training${range}; scale data ` +
      'to about 1 (divide bytes by 255), leave out missing values, and check that the likelihood allows the data',
  );
}
