import { absorbColumns } from '../linear-algebra/absorb-columns.js';
import { choleskyLogDeterminant } from '../linear-algebra/cholesky.js';
import { luFactor, luSolve } from '../linear-algebra/lu.js';
import { multiply, multiplyTransposed, transposedMultiply } from '../linear-algebra/multiply.js';
import { solveLower } from '../linear-algebra/triangular-solve.js';

/**
 * Weights N(m, C) by exp(-x'P x / (2 temperature)). The result is a Gaussian again: `meanMap` = (I + C P /
 * temperature)^-1 takes m to its mean, and `factor` is a square root of its covariance, not triangular. Both are [n,
 * n]. The arguments are lower-triangular square roots of C and P, either of which may be singular.
 */
export function tiltGaussian(
  covarianceFactor: Float64Array,
  costFactor: Float64Array,
  temperature: number,
  n: number,
): { meanMap: Float64Array; factor: Float64Array } {
  // With D D' = I + S'P S / temperature, the covariance is S (D D')^-1 S'.
  const tilt = tiltFactor(covarianceFactor, costFactor, temperature, n);
  const transposed = new Float64Array(n * n);
  transpose(transposed, covarianceFactor, n);
  solveLower(tilt, n, transposed, n);
  const factor = new Float64Array(n * n);
  transpose(factor, transposed, n);

  const covariance = new Float64Array(n * n);
  multiplyTransposed(covariance, covarianceFactor, covarianceFactor, n, n, n);
  const P = new Float64Array(n * n);
  multiplyTransposed(P, costFactor, costFactor, n, n, n);
  const lu = new Float64Array(n * n);
  multiply(lu, covariance, P, n, n, n);
  for (let i = 0; i < n * n; i++) lu[i]! /= temperature;
  const meanMap = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    lu[i * n + i]! += 1;
    meanMap[i * n + i] = 1;
  }
  const pivots = new Int32Array(n);
  luFactor(lu, pivots, n);
  luSolve(lu, pivots, n, meanMap, n);
  return { meanMap, factor };
}

/** Returns the log of the mean of exp(-x'P x / (2 temperature)) under N(m, C), from the same square roots. */
export function logMeanWeight(
  mean: Float64Array,
  covarianceFactor: Float64Array,
  costFactor: Float64Array,
  temperature: number,
): number {
  const n = mean.length;
  // With the roles of C and P exchanged, the determinant is the same and m'P~ m needs no subtraction.
  const tilt = tiltFactor(costFactor, covarianceFactor, temperature, n);
  const weighted = new Float64Array(n);
  transposedMultiply(weighted, costFactor, mean, n, n, 1);
  solveLower(tilt, n, weighted, 1);
  let squared = 0;
  for (const value of weighted) squared += value * value;
  return -0.5 * (choleskyLogDeterminant(tilt, n) + squared / temperature);
}

/** Returns the lower-triangular D with D D' = I + S'T T'S / temperature, for [n, n] matrices S and T. */
function tiltFactor(S: Float64Array, T: Float64Array, temperature: number, n: number): Float64Array {
  const columns = new Float64Array(n * n);
  transposedMultiply(columns, S, T, n, n, n);
  const root = Math.sqrt(temperature);
  for (let i = 0; i < n * n; i++) columns[i]! /= root;
  const tilt = new Float64Array(n * n);
  for (let i = 0; i < n; i++) tilt[i * n + i] = 1;
  absorbColumns(tilt, n, columns, n);
  return tilt;
}

function transpose(out: Float64Array, matrix: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[i * n + j] = matrix[j * n + i]!;
}
