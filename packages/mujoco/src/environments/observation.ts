import { Box } from '@maxent/core';

/** Returns the space of observations of `size` doubles without bounds. */
export function observationBox(size: number): Box<Float64Array> {
  return new Box({ low: -Infinity, high: Infinity, shape: [size], dataType: 'float64' });
}

/** Writes `source` from entry `first` on into `out` from entry `offset` on; returns the offset that follows. */
export function append(out: Float64Array, offset: number, source: Float64Array, first = 0): number {
  // Loop, because copying from a subarray would allocate in every step.
  for (let i = first; i < source.length; i++) out[offset++] = source[i]!;
  return offset;
}

/** Appends like `append`, with every entry clipped to [low, high]. */
export function appendClipped(
  out: Float64Array,
  offset: number,
  source: Float64Array,
  [low, high]: readonly [number, number],
  first = 0,
): number {
  for (let i = first; i < source.length; i++) out[offset++] = Math.min(Math.max(source[i]!, low), high);
  return offset;
}
