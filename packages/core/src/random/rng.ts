import { InvalidInputError, SnapshotMismatchError } from '../errors.js';
import { showStored } from '../show-value.js';
import { portableLog } from './elementary.js';
import { philox4x32 } from './philox.js';
import { sampleStandardNormal, type UniformSource } from './ziggurat.js';

/** Everything that determines the numbers an `Rng` will draw, as JSON. */
export type RngState = {
  readonly algorithm: 'philox4x32-10';
  readonly key: readonly [number, number];
  /** How many 32-bit words were drawn so far. */
  readonly drawn: number;
};

/** Marks the counters that derive child keys; the stream's own counters have 0 in the two high words. */
const SPLIT_DOMAIN = 0x53504c54;
const TWO_POW_32 = 0x100000000;

/**
 * A seeded, splittable, serializable stream of random numbers. The same seed gives the same numbers in every
 * JavaScript engine. Give each consumer its own stream with `split`, so that drawing more in one place changes
 * nothing elsewhere.
 */
export class Rng implements UniformSource {
  private readonly block = new Uint32Array(4);
  private drawn = 0;

  private constructor(
    private readonly key0: number,
    private readonly key1: number,
  ) {}

  /** A stream for an integer seed from 0 to 2^53 - 1. Throws InvalidInputError for any other value. */
  static fromSeed(seed: number): Rng {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new InvalidInputError('seed', `expected an integer from 0 to 2^53 - 1, got ${String(seed)}`);
    }
    return new Rng(seed >>> 0, Math.floor(seed / TWO_POW_32));
  }

  /**
   * Continues a stream exactly where `state()` was called. Accepts any value, such as a field of a snapshot's metadata,
   * and throws SnapshotMismatchError if it is not such a state.
   */
  static fromState(state: unknown): Rng {
    const { algorithm, key, drawn } = (state ?? {}) as Partial<RngState>;
    if (algorithm !== 'philox4x32-10') throw mismatch('algorithm', '"philox4x32-10"', algorithm);
    if (!Array.isArray(key) || key.length !== 2 || !key.every(isWord)) {
      throw mismatch('key', 'two integers from 0 to 2^32 - 1', key);
    }
    if (!Number.isSafeInteger(drawn) || drawn! < 0) {
      throw mismatch('drawn', 'an integer of at least 0', drawn);
    }
    const rng = new Rng(key[0]!, key[1]!);
    rng.skip(drawn!);
    return rng;
  }

  state(): RngState {
    return { algorithm: 'philox4x32-10', key: [this.key0 >>> 0, this.key1 >>> 0], drawn: this.drawn };
  }

  /**
   * An independent stream named by a string or an integer. It depends only on this stream's key and the name, not on
   * how much has been drawn.
   */
  split(name: string | number): Rng {
    const [low, high] = hashName(String(name));
    const child = new Uint32Array(4);
    philox4x32(child, low, high, SPLIT_DOMAIN, typeof name === 'number' ? 2 : 1, this.key0, this.key1);
    return new Rng(child[0]!, child[1]!);
  }

  /** Goes on as if this many words of 32 bits had been drawn: by code that computes the same numbers from `state()`. */
  skip(words: number): void {
    this.drawn += words;
    if (this.drawn % 4 !== 0) this.refill();
  }

  /** 32 random bits as an integer in [0, 2^32). */
  uint32(): number {
    const word = this.drawn & 3;
    if (word === 0) this.refill();
    this.drawn += 1;
    return this.block[word]!;
  }

  /**
   * A double in [0, 1) with 53 random bits, scaled to [low, high) if bounds are given. Rounding in that scaling may
   * give `high` itself.
   */
  uniform(low = 0, high = 1): number {
    const upper = this.uint32() >>> 5;
    const lower = this.uint32() >>> 6;
    return low + ((upper * 0x4000000 + lower) / 0x20000000000000) * (high - low);
  }

  normal(mean = 0, std = 1): number {
    return mean + std * sampleStandardNormal(this);
  }

  /** An exponential variate with the given rate, by inversion. */
  exponential(rate = 1): number {
    return -portableLog(1 - this.uniform()) / rate;
  }

  /** An integer in [0, bound), without modulo bias. `bound` is an integer from 1 to 2^32. */
  integer(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > TWO_POW_32) {
      throw new InvalidInputError('bound', `expected an integer from 1 to 2^32, got ${String(bound)}`);
    }
    const limit = TWO_POW_32 - (TWO_POW_32 % bound);
    let word = this.uint32();
    while (word >= limit) word = this.uint32();
    return word % bound;
  }

  /** An index drawn with probability proportional to `weights`, which are non-negative with a positive sum. */
  categorical(weights: ArrayLike<number>): number {
    let total = 0;
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i]!;
      if (!(weight >= 0) || weight === Infinity) {
        throw new InvalidInputError(`weights[${i}]`, `expected a finite number of at least 0, got ${weight}`);
      }
      total += weight;
    }
    if (!(total > 0) || total === Infinity) {
      throw new InvalidInputError('weights', `expected a positive finite sum, got ${total}`);
    }
    let threshold = this.uniform() * total;
    let last = 0;
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i]!;
      if (weight === 0) continue;
      last = i;
      threshold -= weight;
      if (threshold < 0) return i;
    }
    // Rounding can leave a sliver above the last positive weight.
    return last;
  }

  /** Permutes an array in place, uniformly (Fisher and Yates). Returns the same array. */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T {
    const array = items as { length: number; [index: number]: unknown };
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = array[i];
      array[i] = array[j];
      array[j] = held;
    }
    return items;
  }

  fillUniform(out: Float32Array | Float64Array, low = 0, high = 1): void {
    for (let i = 0; i < out.length; i++) out[i] = this.uniform(low, high);
  }

  fillNormal(out: Float32Array | Float64Array, mean = 0, std = 1): void {
    for (let i = 0; i < out.length; i++) out[i] = mean + std * sampleStandardNormal(this);
  }

  /** Computes the block that holds word number `drawn`. */
  private refill(): void {
    const index = Math.floor(this.drawn / 4);
    philox4x32(this.block, index >>> 0, Math.floor(index / TWO_POW_32), 0, 0, this.key0, this.key1);
  }
}

function mismatch(field: string, expected: string, value: unknown): SnapshotMismatchError {
  return new SnapshotMismatchError(`rng.${field}: expected ${expected}, got ${showStored(value)}`);
}

function isWord(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < TWO_POW_32;
}

/** FNV-1a of a string's UTF-16 code units, twice with different offsets, as two 32-bit words. */
function hashName(name: string): [number, number] {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b) ^ (high >>> 13);
  }
  return [low >>> 0, high >>> 0];
}
