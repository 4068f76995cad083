import { type BoxArray, isFloat32Array } from '@maxent/core';

/** Rounds a result to the precision that it is computed in. */
export type Precision = (x: number) => number;

/** float64: JavaScript's own arithmetic, nothing to round. */
export const doublePrecision: Precision = (x) => x;

/** The precision that NumPy computes in with this action: that of the action's own entries. */
export function precisionOf(action: BoxArray): Precision {
  return isFloat32Array(action) ? Math.fround : doublePrecision;
}
