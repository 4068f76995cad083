import {
  InvalidInputError,
  isFloat64Array,
  isRecord,
  requireDistribution,
  requireSparseRows,
  requireTypedNumbers,
  type SparseRows,
} from '@maxent/core';
import { multiplyPacked, packColumns } from './packed-matrix.js';

/**
 * A K x K matrix of transition probabilities as inference reads it. Entry e of row i, for rowOffsets[i] <= e <
 * rowOffsets[i + 1], is `values[e]` in column `columns[e]`; a dense matrix stores all K^2 of them in row-major order.
 */
export interface TransitionMatrix {
  readonly stateCount: number;
  readonly rowOffsets: Uint32Array;
  readonly columns: Uint32Array;
  readonly values: Float64Array;
  /** The smallest positive entry. */
  readonly smallest: number;
  /** Returns p(to | from), 0 where nothing is stored. */
  probability(from: number, to: number): number;
  /** Computes out[outOffset + j] = sum_i x[xOffset + i] A[i, j]: moves a distribution one step forward. */
  pushForward(x: Float64Array, xOffset: number, out: Float64Array, outOffset: number): void;
  /** Computes out[i] = sum_j A[i, j] x[j]: the expectation of a function of the next state. */
  pullBack(x: Float64Array, out: Float64Array): void;
}

/** The offsets and columns of dense matrices with K rows, made on first use and shared by all matrices of a model. */
export class DensePattern {
  private made: { rowOffsets: Uint32Array; columns: Uint32Array } | undefined;

  constructor(readonly stateCount: number) {}

  get(): { readonly rowOffsets: Uint32Array; readonly columns: Uint32Array } {
    const K = this.stateCount;
    this.made ??= {
      rowOffsets: Uint32Array.from({ length: K + 1 }, (_, row) => row * K),
      columns: new Uint32Array(K * K).map((_, entry) => entry % K),
    };
    return this.made;
  }
}

/**
 * Reads a matrix. Throws InvalidInputError that names the row, as `field[row]`, unless the rows are K distributions
 * over K states. A matrix for all steps is `stationary`: preparing it pays off.
 */
export function readTransition(
  field: string,
  transition: Float64Array | SparseRows,
  pattern: DensePattern,
  stationary: boolean,
): TransitionMatrix {
  const { stateCount } = pattern;
  if (isFloat64Array(transition)) {
    if (transition.length !== stateCount * stateCount) {
      throw new InvalidInputError(
        field,
        `expected ${stateCount} rows of ${stateCount} entries, got ${transition.length} entries in all`,
      );
    }
    return new (stationary ? PackedTransition : DenseTransition)(field, transition, pattern);
  }
  if (!isRecord(transition) || !('rowOffsets' in transition)) requireTypedNumbers(field, transition);
  requireSparseRows(field, transition, stateCount, stateCount);
  return new SparseTransition(field, transition);
}

class DenseTransition implements TransitionMatrix {
  readonly stateCount: number;
  readonly smallest: number;

  constructor(
    field: string,
    readonly values: Float64Array,
    private readonly pattern: DensePattern,
  ) {
    const { stateCount } = pattern;
    this.stateCount = stateCount;
    let smallest = Infinity;
    for (let row = 0; row < stateCount; row++) {
      const start = row * stateCount;
      smallest = Math.min(smallest, smallestOfRow(field, row, values, start, start + stateCount));
    }
    this.smallest = smallest;
  }

  get rowOffsets(): Uint32Array {
    return this.pattern.get().rowOffsets;
  }

  get columns(): Uint32Array {
    return this.pattern.get().columns;
  }

  probability(from: number, to: number): number {
    return this.values[from * this.stateCount + to]!;
  }

  pushForward(x: Float64Array, xOffset: number, out: Float64Array, outOffset: number): void {
    const { stateCount, values } = this;
    out.fill(0, outOffset, outOffset + stateCount);
    for (let i = 0, e = 0; i < stateCount; i++) {
      const xi = x[xOffset + i]!;
      for (let j = outOffset; j < outOffset + stateCount; j++, e++) out[j]! += xi * values[e]!;
    }
  }

  pullBack(x: Float64Array, out: Float64Array): void {
    const { stateCount, values } = this;
    for (let i = 0, e = 0; i < stateCount; i++) {
      let sum = 0;
      for (let j = 0; j < stateCount; j++, e++) sum += values[e]! * x[j]!;
      out[i] = sum;
    }
  }
}

/** A dense matrix for many steps, packed once for each direction. */
export class PackedTransition extends DenseTransition {
  private readonly forward: Float64Array;
  private readonly backward: Float64Array;

  constructor(field: string, values: Float64Array, pattern: DensePattern) {
    super(field, values, pattern);
    const { stateCount } = pattern;
    this.forward = packColumns(stateCount, (to, from) => values[from * stateCount + to]!);
    this.backward = packColumns(stateCount, (from, to) => values[from * stateCount + to]!);
  }

  override pushForward(x: Float64Array, xOffset: number, out: Float64Array, outOffset: number): void {
    multiplyPacked(this.forward, this.stateCount, x, xOffset, out, outOffset);
  }

  override pullBack(x: Float64Array, out: Float64Array): void {
    multiplyPacked(this.backward, this.stateCount, x, 0, out, 0);
  }
}

class SparseTransition implements TransitionMatrix {
  readonly stateCount: number;
  readonly rowOffsets: Uint32Array;
  readonly columns: Uint32Array;
  readonly values: Float64Array;
  readonly smallest: number;

  constructor(field: string, matrix: SparseRows) {
    this.stateCount = matrix.rowCount;
    this.values = matrix.values;
    this.rowOffsets = matrix.rowOffsets;
    this.columns = matrix.columns;
    let smallest = Infinity;
    for (let row = 0; row < this.stateCount; row++) {
      const start = matrix.rowOffsets[row]!;
      const end = matrix.rowOffsets[row + 1]!;
      smallest = Math.min(smallest, smallestOfRow(field, row, matrix.values, start, end, matrix.columns));
    }
    this.smallest = smallest;
  }

  /** Bisects the row, whose columns are in ascending order. */
  probability(from: number, to: number): number {
    let low = this.rowOffsets[from]!;
    let high = this.rowOffsets[from + 1]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.columns[middle]! < to) low = middle + 1;
      else high = middle;
    }
    return low < this.rowOffsets[from + 1]! && this.columns[low] === to ? this.values[low]! : 0;
  }

  pushForward(x: Float64Array, xOffset: number, out: Float64Array, outOffset: number): void {
    const { stateCount, rowOffsets, columns, values } = this;
    out.fill(0, outOffset, outOffset + stateCount);
    for (let i = 0; i < stateCount; i++) {
      const xi = x[xOffset + i]!;
      if (xi === 0) continue;
      const end = rowOffsets[i + 1]!;
      for (let e = rowOffsets[i]!; e < end; e++) out[outOffset + columns[e]!]! += xi * values[e]!;
    }
  }

  pullBack(x: Float64Array, out: Float64Array): void {
    const { stateCount, rowOffsets, columns, values } = this;
    for (let i = 0; i < stateCount; i++) {
      const end = rowOffsets[i + 1]!;
      let sum = 0;
      for (let e = rowOffsets[i]!; e < end; e++) sum += values[e]! * x[columns[e]!]!;
      out[i] = sum;
    }
  }
}

/** Checks that a row is a distribution and returns its smallest positive probability. */
function smallestOfRow(
  field: string,
  row: number,
  values: Float64Array,
  start: number,
  end: number,
  columns?: Uint32Array,
): number {
  let smallest = Infinity;
  let sum = 0;
  let valid = true;
  for (let e = start; e < end; e++) {
    const value = values[e]!;
    if (!(value >= 0)) valid = false;
    if (value > 0 && value < smallest) smallest = value;
    sum += value;
  }
  // Names and subarrays are made only for a row at fault: with matrices for 10,000 steps there are many rows.
  if (!(valid && Math.abs(sum - 1) < 1e-12)) {
    requireDistribution(
      `${field}[${row}]`,
      values.subarray(start, end),
      columns === undefined ? undefined : (i) => columns[start + i]!,
    );
  }
  return smallest;
}
