import { InvalidInputError } from '../errors.js';
import type { Rng } from '../random/rng.js';
import { largestIndex, type Space } from './space.js';

/** Vectors of integers, entry i in 0 to counts[i] - 1. Flat form: one one-hot block per entry. */
export class MultiDiscrete implements Space<Int32Array> {
  readonly kind = 'multi-discrete';
  readonly counts: readonly number[];
  readonly flatSize: number;

  constructor(counts: readonly number[]) {
    if (counts.length === 0 || !counts.every((count) => Number.isInteger(count) && count > 0)) {
      throw new InvalidInputError(
        'counts',
        `expected one or more positive integers, got [${counts.join(', ')}]`,
      );
    }
    this.counts = [...counts];
    this.flatSize = counts.reduce((sum, count) => sum + count, 0);
  }

  /** Uniform, entries independent. */
  sample(rng: Rng): Int32Array {
    return Int32Array.from(this.counts, (count) => rng.integer(count));
  }

  contains(value: unknown): value is Int32Array {
    if (!(value instanceof Int32Array) || value.length !== this.counts.length) return false;
    return this.counts.every((count, i) => value[i]! >= 0 && value[i]! < count);
  }

  flattenInto(value: Int32Array, out: Float32Array | Float64Array, offset = 0): void {
    out.fill(0, offset, offset + this.flatSize);
    let start = offset;
    this.counts.forEach((count, i) => {
      out[start + value[i]!] = 1;
      start += count;
    });
  }

  unflatten(flat: ArrayLike<number>, offset = 0): Int32Array {
    let start = offset;
    return Int32Array.from(this.counts, (count) => {
      const index = largestIndex(flat, start, count);
      start += count;
      return index;
    });
  }

  toString(): string {
    return `MultiDiscrete(${this.counts.join(', ')})`;
  }
}
