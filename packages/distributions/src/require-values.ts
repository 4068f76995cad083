import { readTensor } from '@maxent/backend';
import { InvalidInputError } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';

/**
 * Throws InvalidInputError unless every entry of `value` is valid. The message names the first invalid entry and the
 * range of all. Reads the tensor back from the device.
 */
export function requireValues(
  value: tf.Tensor,
  fits: (entry: number) => boolean,
  expected: string,
  remedy: string,
): void {
  const entries = readTensor(value);
  const at = entries.findIndex((entry) => !fits(entry));
  if (at < 0) return;
  let [least, largest] = [Infinity, -Infinity];
  for (const entry of entries) {
    least = Math.min(least, entry);
    largest = Math.max(largest, entry);
  }
  const range = Number.isNaN(least) ? '' : `; all lie between ${least} and ${largest}`;
  throw new InvalidInputError(
    'value',
    `expected ${expected}, got ${entries[at]} at entry ${at} of [${value.shape}]${range}. ${remedy}`,
  );
}
