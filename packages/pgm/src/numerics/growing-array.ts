type Numbers = Float64Array | Uint32Array;

/** A typed array that numbers are appended to, for lengths that are not known beforehand. */
export class GrowingArray<T extends Numbers> {
  length = 0;
  #values: T;

  constructor(private readonly make: new (length: number) => T) {
    this.#values = new make(1024);
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new this.make(2 * this.length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }

  at(index: number): number {
    return this.#values[index]!;
  }

  /** A copy of what was appended, without spare room. */
  toArray(): T {
    return this.#values.slice(0, this.length) as T;
  }
}
