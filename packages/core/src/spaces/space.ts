import type { Rng } from '../random/rng.js';

/**
 * The set of values an observation or action may take. Every space can also be read as a flat vector of numbers,
 * which is what networks and replay buffers see.
 */
export interface Space<T> {
  readonly kind: string;
  /** Length of a flattened value: the number of entries of a Box, one per choice for discrete parts (one-hot). */
  readonly flatSize: number;
  /** A value drawn from the space; what distribution is used is documented per space. */
  sample(rng: Rng): T;
  contains(value: unknown): value is T;
  /** Writes the value's flat form into `out[offset ... offset + flatSize - 1]`. */
  flattenInto(value: T, out: Float32Array | Float64Array, offset?: number): void;
  /** The value whose flat form starts at `flat[offset]`; for discrete parts, the largest entry wins. */
  unflatten(flat: ArrayLike<number>, offset?: number): T;
  /** A short text for messages, such as `Box(17, float64)`. */
  toString(): string;
}

/** The type of a space's values. */
export type ValueOf<S> = S extends Space<infer T> ? T : never;

/** Index of the largest of `count` entries from `offset`; the first one on ties. */
export function largestIndex(flat: ArrayLike<number>, offset: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) {
    if (flat[offset + i]! > flat[offset + best]!) best = i;
  }
  return best;
}
