import { Rng } from '@maxent/core';
import { multiplyTransposed } from '../multiply.js';

/** Returns standard normal entries, [rows, columns]. */
export function randomMatrix(rows: number, columns: number, seed: number): Float64Array {
  const matrix = new Float64Array(rows * columns);
  Rng.fromSeed(seed).fillNormal(matrix);
  return matrix;
}

/** Returns G G' for a random G, [n, rank]: symmetric, positive semidefinite, of that rank. */
export function randomCovariance(n: number, seed: number, rank = n): Float64Array {
  const factor = randomMatrix(n, rank, seed);
  const covariance = new Float64Array(n * n);
  multiplyTransposed(covariance, factor, factor, n, rank, n);
  return covariance;
}
