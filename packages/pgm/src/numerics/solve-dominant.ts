/**
 * Solves A x = b, or A'x = b, for a row diagonally dominant M-matrix: A has -offDiagonal[i, j] off its diagonal, [n, n]
 * (entries at least 0, the diagonal is not read) and slack[i] + sum_j offDiagonal[i, j] on it. Uses Gaussian
 * elimination without subtractions (Grassmann, Taksar and Heyman 1985, "Regenerative analysis and steady state
 * distributions for Markov chains"; Alfa, Xue and Ye 2002, "Accurate computation of the smallest eigenvalue of a
 * diagonally dominant M-matrix"): every entry of A^-1 keeps its digits however close to singular A is, so errors are a
 * few roundings of |A^-1| |b|.
 *
 * `offDiagonal` and `slack` are overwritten. Returns null when A is singular. Costs n^3 / 3 for a full matrix, less
 * where rows are sparse.
 */
export function solveDominant(
  offDiagonal: Float64Array,
  slack: Float64Array,
  b: Float64Array,
  transposed: boolean,
): Float64Array | null {
  const n = b.length;
  const diagonal = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const row = k * n;
    let sum = slack[k]!;
    for (let j = k + 1; j < n; j++) sum += offDiagonal[row + j]!;
    if (!(sum > 0)) return null;
    diagonal[k] = sum;
    // Fractions, which lie in [0, 1] even if the diagonal is subnormal.
    for (let j = k + 1; j < n; j++) offDiagonal[row + j]! /= sum;
    const share = slack[k]! / sum;
    for (let i = k + 1; i < n; i++) {
      const weight = offDiagonal[i * n + k]!;
      if (weight === 0) continue;
      slack[i]! += weight * share;
      for (let j = k + 1; j < n; j++) offDiagonal[i * n + j]! += weight * offDiagonal[row + j]!;
    }
  }
  return transposed ? solveTransposed(offDiagonal, diagonal, b) : solvePlain(offDiagonal, diagonal, b);
}

function solvePlain(factors: Float64Array, diagonal: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    let sum = x[i]!;
    for (let k = 0; k < i; k++) sum += factors[i * n + k]! * x[k]!;
    x[i] = sum / diagonal[i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i]!;
    for (let j = i + 1; j < n; j++) sum += factors[i * n + j]! * x[j]!;
    x[i] = sum;
  }
  return x;
}

function solveTransposed(factors: Float64Array, diagonal: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) x[j]! += factors[i * n + j]! * x[i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    const value = x[i]! / diagonal[i]!;
    x[i] = value;
    for (let k = 0; k < i; k++) x[k]! += factors[i * n + k]! * value;
  }
  return x;
}
