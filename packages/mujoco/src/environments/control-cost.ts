import type { BoxArray } from '@maxent/core';

/**
 * `weight` times the sum of the action's squares. NumPy computes with float32 numbers in float32, also when it sums
 * them, so for a Float32Array (what agents act with) this does too: costs then agree with Gymnasium's to the last
 * bit for up to 8 entries, and in float64 for a Float64Array.
 */
export function controlCost(action: BoxArray, weight: number): number {
  if (action instanceof Float64Array) return weight * sumOfSquares(action, identity);
  return Math.fround(Math.fround(weight) * sumOfSquares(action, Math.fround));
}

/** In NumPy's order: one after the other below 8 entries, from there on in pairs of pairs. */
function sumOfSquares(values: BoxArray, round: (x: number) => number): number {
  let sum = 0;
  let i = 0;
  for (; i + 8 <= values.length; i += 8) {
    const low = round(pair(values, i, round) + pair(values, i + 2, round));
    const high = round(pair(values, i + 4, round) + pair(values, i + 6, round));
    sum = round(sum + round(low + high));
  }
  for (; i < values.length; i++) sum = round(sum + round(values[i]! * values[i]!));
  return sum;
}

function pair(values: BoxArray, i: number, round: (x: number) => number): number {
  return round(round(values[i]! * values[i]!) + round(values[i + 1]! * values[i + 1]!));
}

function identity(x: number): number {
  return x;
}
