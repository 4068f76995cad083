import { type BoxArray, isFloat64Array } from '@maxent/core';

/**
 * Returns `weight` times the sum of the squares of an action, or of forces. NumPy computes with float32 numbers in
 * float32, and sums them in float32 too. For a Float32Array, which agents act with, this does the same in the same
 * order, so costs agree with Gymnasium's to the last bit. For a Float64Array everything is float64.
 */
export function squaredCost(action: BoxArray, weight: number): number {
  if (isFloat64Array(action)) return weight * sumOfSquares(action, identity);
  return Math.fround(Math.fround(weight) * sumOfSquares(action, Math.fround));
}

type Rounding = (x: number) => number;

/** For 8 or more entries, NumPy sums every eighth entry, adds these eight sums in pairs, and then adds the rest. */
function sumOfSquares(values: BoxArray, round: Rounding): number {
  const end = values.length - (values.length % 8);
  let sum = 0;
  if (end > 0) {
    const low = round(lanes(values, 0, end, round) + lanes(values, 2, end, round));
    const high = round(lanes(values, 4, end, round) + lanes(values, 6, end, round));
    sum = round(low + high);
  }
  for (let i = end; i < values.length; i++) sum = round(sum + round(values[i]! * values[i]!));
  return sum;
}

/** Adds the sums of every eighth square from `first` and from `first + 1` on. */
function lanes(values: BoxArray, first: number, end: number, round: Rounding): number {
  let left = 0;
  let right = 0;
  for (let i = first; i < end; i += 8) {
    left = round(left + round(values[i]! * values[i]!));
    right = round(right + round(values[i + 1]! * values[i + 1]!));
  }
  return round(left + right);
}

function identity(x: number): number {
  return x;
}
