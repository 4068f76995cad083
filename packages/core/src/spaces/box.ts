import { isFloat32Array, isFloat64Array, sizeOf } from '../arrays.js';
import { InvalidInputError } from '../errors.js';
import { requireMemory } from '../memory.js';
import type { Rng } from '../random/rng.js';
import { requireForm } from './form.js';
import { isBoundedBox } from './kinds.js';
import { requireFlat, type Space } from './space.js';

/** The array type of a Box's value, by element type. */
interface BoxArrays {
  readonly float32: Float32Array;
  readonly float64: Float64Array;
}

export type BoxArray = BoxArrays[keyof BoxArrays];

export interface BoxOptions<DataType extends keyof BoxArrays = keyof BoxArrays> {
  /** The lower bounds: one number for all entries, or one per entry. May be -Infinity. */
  readonly low: number | ArrayLike<number>;
  /** The upper bounds, not below `low`. May be Infinity. */
  readonly high: number | ArrayLike<number>;
  /** Default: a vector of the length of `low` or `high`. */
  readonly shape?: readonly number[];
  /** The element type of sampled values. Default float32. `contains` accepts both types. */
  readonly dataType?: DataType;
  /** What the entries are called. Default: nothing. */
  readonly names?: readonly string[] | undefined;
}

/** Two float64 bounds. */
const BYTES_PER_ENTRY = 16;
const BOUNDS_MEMORY_LIMIT = 2 ** 30;

/**
 * Real vectors (or arrays, stored flat in row-major order) with bounds on every entry. A value is a Float32Array or
 * Float64Array; `flattenInto` also takes other flat lists of numbers: plain arrays and typed arrays such as an image's
 * Uint8Array. `Values` is the array type that `sample` and `unflatten` return; `Box` without it allows both.
 */
export interface Box<Values extends BoxArray = BoxArray> extends Space<Values> {
  readonly kind: 'box';
  readonly shape: readonly number[];
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly dataType: 'float32' | 'float64';
  /** True when every entry has a finite lower and upper bound. */
  readonly bounded: boolean;
  /**
   * Samples uniformly between two finite bounds, at bound +- exponential(1) with one, and standard normally with none.
   */
  sample(rng: Rng): Values;
}

interface BoxConstructor {
  readonly prototype: Box;
  /** Throws InvalidInputError for an invalid shape, invalid bounds or a wrong number of bounds. */
  new <DataType extends keyof BoxArrays = 'float32'>(options: BoxOptions<DataType>): Box<BoxArrays[DataType]>;
}

// An interface and a value, because a class cannot infer its type parameter from a property of its options.
export const Box = class Box implements Space<BoxArray> {
  readonly kind = 'box';
  readonly shape: readonly number[];
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly dataType: 'float32' | 'float64';
  readonly flatSize: number;
  readonly names: readonly string[] | undefined;

  constructor({ low, high, shape, dataType = 'float32', names }: BoxOptions) {
    const length = [low, high].find((bound): bound is ArrayLike<number> => typeof bound !== 'number')?.length;
    if (shape === undefined && length === undefined) {
      throw new InvalidInputError('shape', 'expected a shape, because both bounds are single numbers');
    }
    this.shape = shape === undefined ? [length!] : [...shape];
    if (!this.shape.every((dimension) => Number.isInteger(dimension) && dimension > 0)) {
      throw new InvalidInputError('shape', `expected positive integers, got [${this.shape.join(', ')}]`);
    }
    this.dataType = dataType;
    this.flatSize = sizeOf(this.shape);
    this.names = names;
    requireMemory('shape', this.flatSize * BYTES_PER_ENTRY, BOUNDS_MEMORY_LIMIT, {
      what: `the bounds of [${this.shape.join(', ')}]`,
      remedy: 'use a smaller shape',
    });
    this.low = expandBound('low', low, this.flatSize);
    this.high = expandBound('high', high, this.flatSize);
    for (let i = 0; i < this.flatSize; i++) {
      if (!(this.low[i]! <= this.high[i]!)) {
        throw new InvalidInputError(
          `low[${i}]`,
          `expected at most high[${i}] = ${this.high[i]}, got ${this.low[i]}`,
        );
      }
    }
  }

  get bounded(): boolean {
    return isBoundedBox(this);
  }

  sample(rng: Rng): BoxArray {
    const value =
      this.dataType === 'float32' ? new Float32Array(this.flatSize) : new Float64Array(this.flatSize);
    for (let i = 0; i < value.length; i++) value[i] = sampleBetween(rng, this.low[i]!, this.high[i]!);
    return value;
  }

  contains(value: unknown): value is BoxArray {
    const single = isFloat32Array(value);
    if (!single && !isFloat64Array(value)) return false;
    if (value.length !== this.flatSize) return false;
    // A float32 value may be a bound rounded to float32, so compare bounds at the value's own precision.
    const round = single ? Math.fround : (x: number) => x;
    for (let i = 0; i < value.length; i++) {
      const entry = value[i]!;
      if (!(entry >= round(this.low[i]!) && entry <= round(this.high[i]!))) return false;
    }
    return true;
  }

  flattenInto(value: BoxArray, out: Float32Array | Float64Array, offset = 0): void {
    requireForm(this, value);
    out.set(value, offset);
  }

  unflatten(flat: ArrayLike<number>, offset = 0): BoxArray {
    requireFlat(this, flat, offset);
    const value =
      this.dataType === 'float32' ? new Float32Array(this.flatSize) : new Float64Array(this.flatSize);
    for (let i = 0; i < value.length; i++) value[i] = flat[offset + i]!;
    return value;
  }

  toString(): string {
    return `Box(${this.shape.join('x')}, ${this.dataType})`;
  }
} as BoxConstructor;

function expandBound(field: string, bound: number | ArrayLike<number>, size: number): Float64Array {
  if (typeof bound === 'number') return new Float64Array(size).fill(bound);
  if (bound.length !== size) {
    throw new InvalidInputError(field, `expected ${size} entries, got ${bound.length}`);
  }
  return Float64Array.from(bound);
}

function sampleBetween(rng: Rng, low: number, high: number): number {
  if (Number.isFinite(low) && Number.isFinite(high)) {
    // Unlike their difference, a weighted mean of the bounds cannot overflow. Rounding can still exceed a bound
    // slightly.
    const fraction = rng.uniform();
    return Math.min(Math.max(low * (1 - fraction) + high * fraction, low), high);
  }
  if (Number.isFinite(low)) return low + rng.exponential();
  return Number.isFinite(high) ? high - rng.exponential() : rng.normal();
}
