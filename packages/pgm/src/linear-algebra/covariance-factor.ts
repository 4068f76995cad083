import { absorbColumns } from './absorb-columns.js';

/** How far below 0 a pivot may fall, as a share of its diagonal entry, and still count as a rounded 0. */
const NEGATIVE_TOLERANCE = 1e-9;

/**
 * Computes the lower-triangular L with L L' = A for a symmetric positive semidefinite A, [n, n], of any rank. Returns
 * the rank, or -1 when A is not positive semidefinite (or holds NaN). Pivots are compared with their own diagonal
 * entries, so that the answer does not depend on the units of the variables. Not for hot loops: it allocates.
 *
 * The factor is found with diagonal pivoting, which is backward stable where A is singular (Higham, Accuracy and
 * Stability of Numerical Algorithms, section 10.3), and then made triangular.
 */
export function covarianceFactor(lower: Float64Array, matrix: Float64Array, n: number): number {
  const remaining = matrix.slice();
  const columns = new Float64Array(n * n);
  const used = new Uint8Array(n);
  const zeroTolerance = 16 * n * Number.EPSILON;
  let rank = 0;
  for (; rank < n; rank++) {
    let pivot = -1;
    let largestShare = zeroTolerance;
    for (let i = 0; i < n; i++) {
      const share = remaining[i * n + i]! / matrix[i * n + i]!;
      if (used[i] === 0 && share > largestShare) {
        pivot = i;
        largestShare = share;
      }
    }
    if (pivot < 0) break;
    if (matrix[pivot * n + pivot]! < 0) return -1;
    used[pivot] = 1;
    const root = Math.sqrt(remaining[pivot * n + pivot]!);
    for (let i = 0; i < n; i++) if (used[i] === 0) columns[i * n + rank] = remaining[i * n + pivot]! / root;
    columns[pivot * n + rank] = root;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        if (used[i] === 0 && used[j] === 0) {
          remaining[i * n + j]! -= columns[i * n + rank]! * columns[j * n + rank]!;
        }
      }
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      if (used[i] === 1 || used[j] === 1) continue;
      // The root of the product would overflow for variances of 1e200, and underflow for 1e-200.
      const scale = Math.sqrt(matrix[i * n + i]!) * Math.sqrt(matrix[j * n + j]!);
      const value = i === j ? -remaining[i * n + i]! : Math.abs(remaining[i * n + j]!);
      if (!(value <= NEGATIVE_TOLERANCE * scale)) return -1;
    }
  }
  lower.fill(0);
  absorbColumns(lower, n, columns, n);
  return rank;
}
