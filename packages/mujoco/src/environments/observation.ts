import { Box } from '@maxent/core';
import { AXES, type EntryNames } from '../entry-names.js';

/** Returns the space of observations of doubles without bounds, by their names. */
export function observationBox(names: readonly string[]): Box<Float64Array> {
  return new Box({ low: -Infinity, high: Infinity, shape: [names.length], dataType: 'float64', names });
}

/** Names of a torque and a force on each body but the world, [body][6]. */
export function forceNames({ bodies }: EntryNames): string[] {
  return bodies
    .slice(1)
    .flatMap((body) =>
      ['torque', 'force'].flatMap((kind) => AXES.map((axis) => `${body} contact ${kind} ${axis}`)),
    );
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
