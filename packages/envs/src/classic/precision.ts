import { type BoxArray, isFloat32Array } from '@maxent/core';

/** Rounds a result to the precision that it is computed in. */
export type Precision = (x: number) => number;

/** float64: JavaScript's own arithmetic, which needs no rounding. */
export const doublePrecision: Precision = (x) => x;

/** The precision in which NumPy computes with this action: the precision of its entries. */
export function precisionOf(action: BoxArray): Precision {
  return isFloat32Array(action) ? Math.fround : doublePrecision;
}
