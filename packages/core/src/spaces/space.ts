import { SpaceMismatchError } from '../errors.js';
import type { Rng } from '../random/rng.js';

/**
 * The set of values an observation or action may take. Every space can also be read as a flat vector of numbers,
 * which is what networks and replay buffers see.
 */
export interface Space<T> {
  /** Decides how a space is read: `isBox` and the others look at it, never at the class. */
  readonly kind: string;
  /** The length of a flattened value: one per entry of a Box, one per choice for discrete parts (one-hot). */
  readonly flatSize: number;
  /**
   * What the entries of a flattened value are called, for people who look at them: for a Discrete space, the values. Absent
   * where nobody knows, and left out of account if there is not one for each entry. `checkEnvironment` checks that there is.
   */
  readonly names?: readonly string[] | undefined;
  /** A value drawn from the space; each space documents its distribution. */
  sample(rng: Rng): T;
  contains(value: unknown): value is T;
  /**
   * Writes the value's flat form into `out[offset ... offset + flatSize - 1]`. Throws SpaceMismatchError, writing
   * nothing, for a value without the space's form: an array of the wrong length, nested, or not of numbers; an integer
   * that is out of range, fractional or one-hot; a record with a missing or unknown key. A Box does not check that
   * numbers are within its bounds.
   */
  flattenInto(value: T, out: Float32Array | Float64Array, offset?: number): void;
  /**
   * The value whose flat form starts at `flat[offset]`; for discrete parts, the largest entry wins. Throws
   * SpaceMismatchError when `flat` ends before the value does.
   */
  unflatten(flat: ArrayLike<number>, offset?: number): T;
  /** A short text for messages, such as `Box(17, float64)`. */
  toString(): string;
}

/** The type of a space's values. */
export type ValueOf<S> = S extends Space<infer T> ? T : never;

/** Throws SpaceMismatchError unless `flat` holds a complete value of `space` from `offset` on. */
export function requireFlat(space: Space<unknown>, flat: ArrayLike<number>, offset: number): void {
  const { flatSize } = space;
  if (offset >= 0 && offset + flatSize <= flat?.length) return;
  throw new SpaceMismatchError(
    `expected the ${flatSize} numbers of a value of ${space} from offset ${offset} on, got ${flat?.length} numbers in all`,
  );
}

/** The index of the largest of `count` entries from `offset` on; the first one on ties. */
export function largestIndex(flat: ArrayLike<number>, offset: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) {
    if (flat[offset + i]! > flat[offset + best]!) best = i;
  }
  return best;
}
