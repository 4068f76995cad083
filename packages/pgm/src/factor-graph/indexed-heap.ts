/**
 * A binary heap of the numbers 0 .. n - 1 whose keys may change while they are in it. `isBefore(a, b)` compares two of
 * them by their current keys.
 */
export class IndexedHeap {
  readonly #items: number[];
  /** Where each number lies in `#items`, -1 once it has left. */
  readonly #positions: Int32Array;
  readonly #isBefore: (a: number, b: number) => boolean;

  /** Holds `items`, which are below `capacity`. */
  constructor(items: readonly number[], capacity: number, isBefore: (a: number, b: number) => boolean) {
    this.#items = [...items];
    this.#positions = new Int32Array(capacity).fill(-1);
    this.#isBefore = isBefore;
    this.#items.forEach((item, position) => {
      this.#positions[item] = position;
    });
    for (let position = (items.length >> 1) - 1; position >= 0; position--) this.#sink(position);
  }

  /** Removes and returns the first number; undefined if none is left. */
  pop(): number | undefined {
    const first = this.#items[0];
    const last = this.#items.pop();
    if (first === undefined || last === undefined) return undefined;
    this.#positions[first] = -1;
    if (this.#items.length > 0) {
      this.#place(last, 0);
      this.#sink(0);
    }
    return first;
  }

  /** Moves `item` to its place after its key has changed; does nothing once it has left. */
  update(item: number): void {
    const position = this.#positions[item]!;
    if (position < 0) return;
    this.#rise(position);
    this.#sink(this.#positions[item]!);
  }

  #rise(start: number): void {
    const item = this.#items[start]!;
    let position = start;
    while (position > 0) {
      const parent = (position - 1) >> 1;
      if (!this.#isBefore(item, this.#items[parent]!)) break;
      this.#place(this.#items[parent]!, position);
      position = parent;
    }
    this.#place(item, position);
  }

  #sink(start: number): void {
    const item = this.#items[start]!;
    let position = start;
    for (;;) {
      let child = 2 * position + 1;
      if (child >= this.#items.length) break;
      if (child + 1 < this.#items.length && this.#isBefore(this.#items[child + 1]!, this.#items[child]!))
        child++;
      if (!this.#isBefore(this.#items[child]!, item)) break;
      this.#place(this.#items[child]!, position);
      position = child;
    }
    this.#place(item, position);
  }

  #place(item: number, position: number): void {
    this.#items[position] = item;
    this.#positions[item] = position;
  }
}
