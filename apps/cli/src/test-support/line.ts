import type { Space } from '@maxent/core';

/** A number on a line. Written out, because a file that jiti loads would meet a Box of the built package. */
export const line = {
  kind: 'box',
  shape: [1],
  low: Float64Array.of(Number.NEGATIVE_INFINITY),
  high: Float64Array.of(Number.POSITIVE_INFINITY),
  dataType: 'float64',
  flatSize: 1,
  sample: () => Float64Array.of(0),
  contains: () => true,
  flattenInto: (value: Float64Array, out: Float64Array, offset = 0) => out.set(value, offset),
  unflatten: (flat: ArrayLike<number>, offset = 0) => Float64Array.of(flat[offset]!),
  toString: () => 'Box(1, float64)',
} as unknown as Space<Float64Array>;
