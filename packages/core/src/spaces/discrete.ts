import { InvalidInputError } from '../errors.js';
import type { Rng } from '../random/rng.js';
import { requireForm } from './form.js';
import { largestIndex, requireFlat, type Space } from './space.js';

/** The integers 0 to count - 1. Flat form: one-hot. */
export class Discrete implements Space<number> {
  readonly kind = 'discrete';
  readonly flatSize: number;

  /** @param names what the values are called; default: nothing. */
  constructor(
    readonly count: number,
    readonly names?: readonly string[],
  ) {
    if (!Number.isInteger(count) || count < 1) {
      throw new InvalidInputError('count', `expected a positive integer, got ${count}`);
    }
    this.flatSize = count;
  }

  /** Samples uniformly. */
  sample(rng: Rng): number {
    return rng.integer(this.count);
  }

  contains(value: unknown): value is number {
    return Number.isInteger(value) && (value as number) >= 0 && (value as number) < this.count;
  }

  flattenInto(value: number, out: Float32Array | Float64Array, offset = 0): void {
    requireForm(this, value);
    out.fill(0, offset, offset + this.count);
    out[offset + value] = 1;
  }

  unflatten(flat: ArrayLike<number>, offset = 0): number {
    requireFlat(this, flat, offset);
    return largestIndex(flat, offset, this.count);
  }

  toString(): string {
    return `Discrete(${this.count})`;
  }
}
