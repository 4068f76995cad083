import { typedArrayName } from '../arrays.js';
import { InvalidInputError } from '../errors.js';
import type { Rng } from '../random/rng.js';
import { requireForm } from './form.js';
import { largestIndex, requireFlat, type Space } from './space.js';

/**
 * Vectors of integers, entry i in 0 to counts[i] - 1. Flat form: one one-hot block per entry. A value is an Int32Array;
 * `flattenInto` also takes any other flat list of these integers.
 */
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

  /** Samples each entry uniformly and independently. */
  sample(rng: Rng): Int32Array {
    return Int32Array.from(this.counts, (count) => rng.integer(count));
  }

  contains(value: unknown): value is Int32Array {
    if (typedArrayName(value) !== 'Int32Array') return false;
    const entries = value as Int32Array;
    return (
      entries.length === this.counts.length &&
      this.counts.every((count, i) => entries[i]! >= 0 && entries[i]! < count)
    );
  }

  flattenInto(value: Int32Array, out: Float32Array | Float64Array, offset = 0): void {
    requireForm(this, value);
    out.fill(0, offset, offset + this.flatSize);
    let start = offset;
    for (let i = 0; i < this.counts.length; i++) {
      out[start + value[i]!] = 1;
      start += this.counts[i]!;
    }
  }

  unflatten(flat: ArrayLike<number>, offset = 0): Int32Array {
    requireFlat(this, flat, offset);
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
