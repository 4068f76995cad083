/** Beliefs by number. Two beliefs whose numbers are equal after rounding are one. */
export class BeliefTable {
  readonly #rows: Float64Array[] = [];
  /** The latest belief with each hash, and for each belief the one before it with the same hash, or -1. */
  readonly #latest = new Map<number, number>();
  readonly #before: number[] = [];
  /** The rounded numbers of the belief that is looked for, and their bits. */
  readonly #rounded: Float64Array;
  readonly #bits: Uint32Array;

  /**
   * @param width how many numbers make up a belief.
   * @param rounding makes numbers equal that should be, such as products that were multiplied in another order.
   */
  constructor(
    readonly width: number,
    private readonly rounding: (value: number) => number = (value) => value,
  ) {
    this.#rounded = new Float64Array(width);
    this.#bits = new Uint32Array(this.#rounded.buffer);
  }

  get size(): number {
    return this.#rows.length;
  }

  row(id: number): Float64Array {
    return this.#rows[id]!;
  }

  /** The number of a belief, a new one if it has not been seen; then keeps `row`. */
  intern(row: Float64Array): number {
    const { width, rounding } = this;
    for (let i = 0; i < width; i++) this.#rounded[i] = rounding(row[i]!);
    const hash = hashOf(this.#bits);
    const latest = this.#latest.get(hash) ?? -1;
    for (let id = latest; id !== -1; id = this.#before[id]!) if (this.#isRounded(id)) return id;
    const id = this.#rows.length;
    this.#rows.push(row);
    this.#before.push(latest);
    this.#latest.set(hash, id);
    return id;
  }

  /** [beliefs, width] */
  toArray(): Float64Array {
    const all = new Float64Array(this.size * this.width);
    for (const [id, row] of this.#rows.entries()) all.set(row, id * this.width);
    return all;
  }

  /** Whether a belief is the one that is looked for. */
  #isRounded(id: number): boolean {
    const row = this.#rows[id]!;
    for (let i = 0; i < this.width; i++) if (this.rounding(row[i]!) !== this.#rounded[i]) return false;
    return true;
  }
}

/** FNV-1a over words, whose lower bits are stirred by the higher ones. */
function hashOf(words: Uint32Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) {
    hash = Math.imul(hash ^ words[i]!, 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash;
}
