import { DivergenceError } from '@maxent/core';
import { type LinearMap, solveIdentityMinus } from '../numerics/solve-linear.js';

const TOLERANCE = 1e-14;
const ACCEPTABLE = 1e-11;
const MOST_PRODUCTS = 20_000;
const MOST_SWEEPS = 1_000_000;

/**
 * x = b + M x for an M whose powers vanish, as those of a chain do that always ends. Sweeps settle what the Krylov
 * solver leaves. Throws DivergenceError when M hardly shrinks anything, so that no digits would be right.
 */
export function solveTransient(multiply: LinearMap, b: Float64Array): Float64Array {
  const size = b.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const { x, residual } = solveIdentityMinus(multiply, b, TOLERANCE * size, MOST_PRODUCTS);
  const next = new Float64Array(b.length);
  let change = residual;
  for (let sweep = 0; change > ACCEPTABLE * size; sweep++) {
    if (sweep === MOST_SWEEPS) {
      throw new DivergenceError(
        `a linear system was left with a residual of ${change} after ${sweep} sweeps`,
      );
    }
    multiply(x, next);
    change = 0;
    for (let i = 0; i < x.length; i++) {
      const value = b[i]! + next[i]!;
      change = Math.max(change, Math.abs(value - x[i]!));
      x[i] = value;
    }
  }
  return x;
}
