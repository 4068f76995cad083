import {
  allocate,
  InvalidInputError,
  isNumberList,
  type NumericArray,
  oldestRow,
  type Rng,
  type RowColumn,
  type RowLog,
  SnapshotMismatchError,
  showValue,
} from '@maxent/core';
import { requireReplayMemory } from './replay-memory.js';

export interface ReplayBufferOptions<Name extends string> {
  /** The element type and the number of elements per row of each column. */
  readonly columns: Readonly<Record<Name, RowColumn>>;
  /** How many rows are kept; once full, each new row replaces the oldest. */
  readonly capacity: number;
}

/** One row to append: for each column as many numbers as it is wide, or a single number for width 1. */
export type ReplayRow<Name extends string> = Readonly<Record<Name, number | ArrayLike<number>>>;

/** How many rows `load` copies at a time. */
const LOAD_CHUNK = 65_536;

/**
 * A ring buffer of experience in typed arrays, one per column. Sampling draws slots with `sampleSlots` and copies
 * them with `gatherInto` into arrays that the caller owns, so a batch can be written straight into a backend's
 * memory. It is also the `RowLog` of its own snapshot: rows are only ever appended.
 */
export class ReplayBuffer<Name extends string> implements RowLog {
  readonly columns: Readonly<Record<Name, RowColumn>>;
  readonly capacity: number;
  private readonly storage: Record<Name, NumericArray>;
  private readonly names: readonly Name[];
  private appendedCount = 0;

  constructor({ columns, capacity }: ReplayBufferOptions<Name>) {
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw new InvalidInputError('capacity', `expected a positive integer, got ${capacity}`);
    }
    this.columns = columns;
    this.capacity = capacity;
    this.names = Object.keys(columns) as Name[];
    this.storage = {} as Record<Name, NumericArray>;
    for (const name of this.names) {
      const { width } = columns[name];
      if (!Number.isSafeInteger(width) || width < 1) {
        throw new InvalidInputError(`columns.${name}.width`, `expected a positive integer, got ${width}`);
      }
    }
    requireReplayMemory('capacity', columns, capacity);
    for (const name of this.names) {
      const { dataType, width } = columns[name];
      this.storage[name] = allocate(dataType, capacity * width);
    }
  }

  /** The number of rows that can be sampled. */
  get size(): number {
    return Math.min(this.appendedCount, this.capacity);
  }

  get appended(): number {
    return this.appendedCount;
  }

  /**
   * Throws InvalidInputError if a value does not have as many numbers as its column is wide; the buffer is then
   * unchanged.
   */
  append(row: ReplayRow<Name>): void {
    for (const name of this.names) {
      const value = row[name];
      const { width } = this.columns[name];
      if (typeof value === 'number' ? width !== 1 : !isNumberList(value, width)) {
        throw new InvalidInputError(name, `expected ${width} numbers, got ${showValue(value)}`);
      }
    }
    const slot = this.appendedCount % this.capacity;
    for (const name of this.names) {
      const value = row[name];
      if (typeof value === 'number') this.storage[name][slot] = value;
      else this.storage[name].set(value, slot * this.columns[name].width);
    }
    this.appendedCount += 1;
  }

  /** Fills `slots` with indices of stored rows, uniformly and with replacement. Throws when the buffer is empty. */
  sampleSlots(rng: Rng, slots: Int32Array): Int32Array {
    if (this.appendedCount === 0) {
      throw new InvalidInputError('replay', 'cannot sample from an empty buffer; append a row first');
    }
    const { size } = this;
    for (let i = 0; i < slots.length; i++) slots[i] = rng.integer(size);
    return slots;
  }

  /** Copies one column of the given slots into `out`, row by row: slots.length * width numbers. */
  gatherInto(name: Name, slots: Int32Array, out: Float32Array): void {
    const { width } = this.columns[name];
    const source = this.storage[name];
    if (source instanceof Float32Array) gatherFloats(source, slots, width, out);
    else gatherNumbers(source, slots, width, out);
  }

  read(from: number, to: number): Record<Name, NumericArray> {
    const oldest = oldestRow(this);
    if (!(from >= oldest && from <= to && to <= this.appendedCount)) {
      throw new InvalidInputError(
        'rows',
        `expected a range within rows ${oldest} to ${this.appendedCount}, got ${from} to ${to}`,
      );
    }
    const result = {} as Record<Name, NumericArray>;
    for (const name of this.names) {
      const { dataType, width } = this.columns[name];
      const copy = allocate(dataType, (to - from) * width);
      // The range may wrap once around the end of the ring.
      const start = from % this.capacity;
      const first = Math.min(to - from, this.capacity - start);
      copy.set(this.storage[name].subarray(start * width, (start + first) * width));
      copy.set(this.storage[name].subarray(0, (to - from - first) * width), first * width);
      result[name] = copy;
    }
    return result;
  }

  /** Throws SnapshotMismatchError unless the log has the same columns and capacity. */
  requireFit(log: RowLog): void {
    if (log.capacity !== this.capacity) {
      throw new SnapshotMismatchError(
        `replay: capacity ${log.capacity} was saved, but this buffer has ${this.capacity}`,
      );
    }
    for (const name of new Set([...this.names, ...Object.keys(log.columns)])) {
      const saved = log.columns[name];
      const own = (this.columns as RowLog['columns'])[name];
      if (
        saved === undefined ||
        own === undefined ||
        saved.dataType !== own.dataType ||
        saved.width !== own.width
      ) {
        throw new SnapshotMismatchError(
          `replay: column "${name}" was saved as ${describe(saved)}, but this buffer has ${describe(own)}`,
        );
      }
    }
  }

  /**
   * Loads the rows of a log, each into the slot it came from, so that sampling continues identically. Throws
   * SnapshotMismatchError if the log does not fit.
   */
  load(log: RowLog): void {
    this.requireFit(log);
    let to: number;
    for (let from = oldestRow(log); from < log.appended; from = to) {
      // Copy in chunks, so that a large log is never in memory twice. No chunk wraps around the end of the ring.
      const slot = from % this.capacity;
      to = Math.min(log.appended, from + Math.min(LOAD_CHUNK, this.capacity - slot));
      const rows = log.read(from, to);
      for (const name of this.names) this.storage[name].set(rows[name]!, slot * this.columns[name].width);
    }
    this.appendedCount = log.appended;
  }
}

function describe(column: RowColumn | undefined): string {
  return column === undefined ? 'absent' : `${column.width} x ${column.dataType}`;
}

/** As `gatherNumbers`. Engines compile a function for the kinds of arrays that it sees, and one kind is copied fastest. */
function gatherFloats(source: Float32Array, slots: Int32Array, width: number, out: Float32Array): void {
  let to = 0;
  for (let i = 0; i < slots.length; i++) {
    const end = (slots[i]! + 1) * width;
    for (let from = end - width; from < end; from++) out[to++] = source[from]!;
  }
}

/** Copies rows of `width` numbers. */
function gatherNumbers(source: NumericArray, slots: Int32Array, width: number, out: Float32Array): void {
  let to = 0;
  for (let i = 0; i < slots.length; i++) {
    const end = (slots[i]! + 1) * width;
    for (let from = end - width; from < end; from++) out[to++] = source[from]!;
  }
}
