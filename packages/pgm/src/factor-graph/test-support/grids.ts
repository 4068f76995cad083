import type { Rng } from '@maxent/core';
import { FactorGraph, type FactorInput } from '../factor-graph.js';

/** A grid of binary variables `x_row_column` with random weights on sites and on pairs of neighbors. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** [rows][columns][state] */
  readonly site: readonly (readonly Float64Array[])[];
  /** Of a site and the next one to the right, [rows][columns - 1][4]. */
  readonly right: readonly (readonly Float64Array[])[];
  /** Of a site and the one below, [rows - 1][columns][4]. */
  readonly below: readonly (readonly Float64Array[])[];
}

export function randomGrid(rows: number, columns: number, rng: Rng): Grid {
  const weights = (height: number, width: number, size: number): Float64Array[][] =>
    Array.from({ length: height }, () =>
      Array.from({ length: width }, () => Float64Array.from({ length: size }, () => Math.exp(rng.normal()))),
    );
  return {
    rows,
    columns,
    site: weights(rows, columns, 2),
    right: weights(rows, columns - 1, 4),
    below: weights(rows - 1, columns, 4),
  };
}

export function graphOfGrid({ rows, columns, site, right, below }: Grid): FactorGraph {
  const variables: Record<string, number> = {};
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) variables[`x_${r}_${c}`] = 2;
  const factors: FactorInput[] = [];
  site.forEach((row, r) => {
    row.forEach((values, c) => {
      factors.push({ variables: [`x_${r}_${c}`], values });
    });
  });
  right.forEach((row, r) => {
    row.forEach((values, c) => {
      factors.push({ variables: [`x_${r}_${c}`, `x_${r}_${c + 1}`], values });
    });
  });
  below.forEach((row, r) => {
    row.forEach((values, c) => {
      factors.push({ variables: [`x_${r}_${c}`, `x_${r + 1}_${c}`], values });
    });
  });
  return new FactorGraph({ variables, factors });
}

/**
 * log Z (or, joined by Math.max, the largest log-weight) and p(x = 1) of every site, by vectors over the states of one
 * row, passed downwards and upwards.
 */
export function transferMatrix(
  { rows, columns, site, right, below }: Grid,
  join: (a: number, b: number) => number = (a, b) => a + b,
): { logTotal: number; ones: number[][] } {
  const size = 2 ** columns;
  const bit = (state: number, c: number): number => (state >> c) & 1;
  const rowWeight = (r: number, state: number): number => {
    let weight = 1;
    for (let c = 0; c < columns; c++) {
      weight *= site[r]![c]![bit(state, c)]!;
      if (c + 1 < columns) weight *= right[r]![c]![2 * bit(state, c) + bit(state, c + 1)]!;
    }
    return weight;
  };
  /** Carries a vector over row r to row r + 1, or back from it, one column at a time. */
  const carry = (vector: Float64Array, r: number, back: boolean): Float64Array => {
    let from = vector;
    for (let c = 0; c < columns; c++) {
      const weights = below[r]![c]!;
      from = from.map((_, state) => {
        const own = bit(state, c);
        const [zero, one] = back
          ? [weights[2 * own]!, weights[2 * own + 1]!]
          : [weights[own]!, weights[2 + own]!];
        return join(from[state & ~(1 << c)]! * zero, from[state | (1 << c)]! * one);
      });
    }
    return from;
  };
  let logTotal = 0;
  const down: Float64Array[] = [];
  for (let r = 0; r < rows; r++) {
    const before = r === 0 ? new Float64Array(size).fill(1) : carry(down[r - 1]!, r - 1, false);
    const vector = before.map((value, state) => value * rowWeight(r, state));
    const scale = vector.reduce((a, b) => join(a, b));
    logTotal += Math.log(scale);
    down.push(vector.map((value) => value / scale));
  }
  const ones: number[][] = [];
  let up = new Float64Array(size).fill(1);
  for (let r = rows - 1; r >= 0; r--) {
    const product = down[r]!.map((value, state) => value * up[state]!);
    const total = product.reduce((a, b) => a + b);
    ones[r] = Array.from({ length: columns }, (_, c) =>
      product.reduce((sum, value, state) => (bit(state, c) === 1 ? sum + value / total : sum), 0),
    );
    if (r === 0) break;
    const row = r;
    const carried = carry(
      up.map((value, state) => value * rowWeight(row, state)),
      r - 1,
      true,
    );
    const scale = Math.max(...carried);
    up = carried.map((value) => value / scale) as Float64Array<ArrayBuffer>;
  }
  return { logTotal, ones };
}
