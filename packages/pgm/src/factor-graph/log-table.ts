/**
 * Tables of log-weights over sets of variables. Variables are places in a graph's list, and every function is given
 * the number of states of each (`stateCounts`). Tables are flat and row-major in the order of their variables, so
 * that nothing limits how many variables one may have, other than its number of entries.
 */
export interface LogTable {
  readonly variables: readonly number[];
  readonly values: Float64Array;
}

/** How the terms that fall together when variables leave a table are joined. */
export type Semiring = 'sum' | 'max';

export function entryCount(variables: readonly number[], stateCounts: readonly number[]): number {
  let count = 1;
  for (const variable of variables) count *= stateCounts[variable]!;
  return count;
}

/** Returns a table of weights 1. */
export function onesOver(variables: readonly number[], stateCounts: readonly number[]): LogTable {
  return { variables, values: new Float64Array(entryCount(variables, stateCounts)) };
}

/** Multiplies `target` by `source`, in logarithms; the source's variables must be among the target's. */
export function multiplyInto(target: LogTable, source: LogTable, stateCounts: readonly number[]): void {
  const to = target.values;
  const from = source.values;
  const strides = stridesAlong(target.variables, source.variables, stateCounts);
  forEachBlock(target.variables, strides, stateCounts, (start, offset, rows, rowStride, columns, stride) => {
    for (let row = 0, i = start; row < rows; row++) {
      const end = i + columns;
      for (let j = offset + row * rowStride; i < end; i++, j += stride) to[i]! += from[j]!;
    }
  });
}

/** Returns the table over `kept` (in that order) after the other variables are summed or maximized out. */
export function marginalize(
  table: LogTable,
  kept: readonly number[],
  stateCounts: readonly number[],
  semiring: Semiring,
): LogTable {
  const from = table.values;
  const { variables, values: to } = onesOver(kept, stateCounts);
  to.fill(-Infinity);
  const strides = stridesAlong(table.variables, kept, stateCounts);
  forEachBlock(table.variables, strides, stateCounts, (start, offset, rows, rowStride, columns, stride) => {
    for (let row = 0, i = start; row < rows; row++) {
      const end = i + columns;
      for (let j = offset + row * rowStride; i < end; i++, j += stride)
        if (from[i]! > to[j]!) to[j] = from[i]!;
    }
  });
  if (semiring === 'max' || to.length === from.length) return { variables, values: to };
  // Take log sum exp around each entry's own maximum: none can underflow because another entry is large.
  const sums = new Float64Array(to.length);
  forEachBlock(table.variables, strides, stateCounts, (start, offset, rows, rowStride, columns, stride) => {
    for (let row = 0, i = start; row < rows; row++) {
      const end = i + columns;
      for (let j = offset + row * rowStride; i < end; i++, j += stride) {
        // The equality test saves the exponential of every maximum and avoids -Infinity - -Infinity.
        sums[j]! += from[i] === to[j] ? 1 : Math.exp(from[i]! - to[j]!);
      }
    }
  });
  for (let j = 0; j < to.length; j++) to[j]! += Math.log(sums[j]!);
  return { variables, values: to };
}

/** Returns the part of a table where each variable with a state of at least 0 in `states` has that state. */
export function restrict(table: LogTable, states: Int32Array, stateCounts: readonly number[]): LogTable {
  const variables = table.variables.filter((variable) => states[variable]! < 0);
  const { values: to } = onesOver(variables, stateCounts);
  const from = table.values;
  const base = offsetOf(table.variables, states, stateCounts);
  const strides = stridesAlong(variables, table.variables, stateCounts);
  forEachBlock(variables, strides, stateCounts, (start, offset, rows, rowStride, columns, stride) => {
    for (let row = 0, i = start; row < rows; row++) {
      const end = i + columns;
      for (let j = base + offset + row * rowStride; i < end; i++, j += stride) to[i] = from[j]!;
    }
  });
  return { variables, values: to };
}

/**
 * Returns the table over `variables` that equals `part` where each variable outside of it has its state in `states`,
 * and -Infinity elsewhere: the reverse of `restrict`.
 */
export function embed(
  part: LogTable,
  variables: readonly number[],
  states: Int32Array,
  stateCounts: readonly number[],
): LogTable {
  const { values: to } = onesOver(variables, stateCounts);
  to.fill(-Infinity);
  const from = part.values;
  const base = offsetOf(variables, states, stateCounts);
  const strides = stridesAlong(part.variables, variables, stateCounts);
  forEachBlock(part.variables, strides, stateCounts, (start, offset, rows, rowStride, columns, stride) => {
    for (let row = 0, i = start; row < rows; row++) {
      const end = i + columns;
      for (let j = base + offset + row * rowStride; i < end; i++, j += stride) to[j] = from[i]!;
    }
  });
  return { variables, values: to };
}

/** Returns the offset of the entry with the given states; variables without a state (below 0) count as state 0. */
export function offsetOf(
  variables: readonly number[],
  states: Int32Array,
  stateCounts: readonly number[],
): number {
  let offset = 0;
  for (const variable of variables) {
    offset = offset * stateCounts[variable]! + Math.max(states[variable]!, 0);
  }
  return offset;
}

/**
 * Returns how far one step of each of `variables` moves in a table over `within`; 0 for variables that it does not
 * have.
 */
function stridesAlong(
  variables: readonly number[],
  within: readonly number[],
  stateCounts: readonly number[],
): number[] {
  const strides = new Array<number>(variables.length).fill(0);
  let stride = 1;
  for (let d = within.length - 1; d >= 0; d--) {
    const place = variables.indexOf(within[d]!);
    if (place >= 0) strides[place] = stride;
    stride *= stateCounts[within[d]!]!;
  }
  return strides;
}

/**
 * Walks a table over `variables` from its first entry to its last, along with another table whose strides are given.
 * `visit(start, offset, rows, rowStride, columns, stride)` is called for blocks of consecutive entries, from `start`
 * on: the entry in a block's `row` and `column` belongs to `offset + row * rowStride + column * stride`.
 */
function forEachBlock(
  variables: readonly number[],
  strides: readonly number[],
  stateCounts: readonly number[],
  visit: (
    start: number,
    offset: number,
    rows: number,
    rowStride: number,
    columns: number,
    stride: number,
  ) => void,
): void {
  // Neighboring dimensions through which both tables step evenly are one longer dimension.
  const lengths: number[] = [];
  const steps: number[] = [];
  for (let d = 0; d < variables.length; d++) {
    const count = stateCounts[variables[d]!]!;
    const stride = strides[d]!;
    const outer = lengths.length - 1;
    if (outer >= 0 && steps[outer] === stride * count) {
      lengths[outer]! *= count;
      steps[outer] = stride;
    } else {
      lengths.push(count);
      steps.push(stride);
    }
  }
  const columns = lengths.pop() ?? 1;
  const stride = steps.pop() ?? 0;
  const rows = lengths.pop() ?? 1;
  const rowStride = steps.pop() ?? 0;
  const counters = lengths.map(() => 0);
  let start = 0;
  let offset = 0;
  for (let d = 0; d >= 0; ) {
    visit(start, offset, rows, rowStride, columns, stride);
    start += rows * columns;
    for (d = lengths.length - 1; d >= 0; d--) {
      offset += steps[d]!;
      if (++counters[d]! < lengths[d]!) break;
      counters[d] = 0;
      offset -= steps[d]! * lengths[d]!;
    }
  }
}
