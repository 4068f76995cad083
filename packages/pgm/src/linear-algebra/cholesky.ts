import { solveLower, solveLowerTransposed } from './triangular-solve.js';

/**
 * Computes the lower-triangular L with L L' = A for a symmetric positive-definite A, [n, n]; only the lower triangle of
 * A is read, and the strict upper triangle of `lower` is set to 0. `lower` may be `matrix` itself. Returns false, with
 * `lower` partly written, when A is not positive definite (or holds NaN): the caller knows the name of what failed.
 */
export function cholesky(lower: Float64Array, matrix: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!;
      if (j < i) {
        lower[i * n + j] = sum / lower[j * n + j]!;
      } else {
        if (!(sum > 0)) return false;
        lower[i * n + i] = Math.sqrt(sum);
      }
    }
    for (let j = i + 1; j < n; j++) lower[i * n + j] = 0;
  }
  return true;
}

/** Replaces B, [n, columns], by A^-1 B, given A's Cholesky factor L, [n, n]. */
export function choleskySolve(lower: Float64Array, n: number, b: Float64Array, columns: number): void {
  solveLower(lower, n, b, columns);
  solveLowerTransposed(lower, n, b, columns);
}

/** Returns log det A, given A's Cholesky factor L, [n, n]. */
export function choleskyLogDeterminant(lower: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.log(lower[i * n + i]!);
  return 2 * sum;
}
