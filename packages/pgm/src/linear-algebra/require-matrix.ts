import { InvalidInputError, requireLength, requireNumbers } from '@maxent/core';
import { requireDivisor, requireEntryInRange } from '../numerics/require-in-range.js';
import { covarianceFactor } from './covariance-factor.js';

/** How far two mirrored entries may differ, as a share of the geometric mean of their diagonal entries. */
const SYMMETRY_TOLERANCE = 1e-9;

/**
 * Throws InvalidInputError, naming the entry where there is one, unless `matrix` is [rows, columns] and its entries are
 * at most 1e50 in size.
 */
export function requireMatrix(field: string, matrix: Float64Array, rows: number, columns: number): void {
  requireNumbers(field, matrix);
  if (matrix.length !== rows * columns) {
    throw new InvalidInputError(
      field,
      `expected a ${rows} by ${columns} matrix (${rows * columns} entries), got ${matrix.length} entries`,
    );
  }
  matrix.forEach((value, i) => {
    if (!Number.isFinite(value)) {
      throw new InvalidInputError(
        `${field}[${Math.floor(i / columns)}][${i % columns}]`,
        `expected a finite number, got ${value}`,
      );
    }
    requireEntryInRange(() => `${field}[${Math.floor(i / columns)}][${i % columns}]`, value);
  });
}

/** Throws InvalidInputError unless `vector` is finite and has `length` entries. */
export function requireVector(field: string, vector: Float64Array, length: number): void {
  requireLength(field, vector, length);
  vector.forEach((value, i) => {
    if (!Number.isFinite(value)) {
      throw new InvalidInputError(`${field}[${i}]`, `expected a finite number, got ${value}`);
    }
    requireEntryInRange(() => `${field}[${i}]`, value);
  });
}

/**
 * Throws InvalidInputError unless `matrix` is finite, [n, n], symmetric (mirrored entries differ by at most 1e-9 of the
 * geometric mean of their diagonal entries, whatever the units) and positive definite; with `semidefinite`, a singular
 * one is accepted too. Returns its lower-triangular factor L, with L L' = matrix.
 */
export function requireSymmetricPositiveDefinite(
  field: string,
  matrix: Float64Array,
  n: number,
  options: { semidefinite?: boolean } = {},
): Float64Array {
  requireMatrix(field, matrix, n, n);
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const value = matrix[i * n + j]!;
      const mirrored = matrix[j * n + i]!;
      const scale = Math.sqrt(Math.abs(matrix[i * n + i]!)) * Math.sqrt(Math.abs(matrix[j * n + j]!));
      if (Math.abs(value - mirrored) > SYMMETRY_TOLERANCE * scale) {
        throw new InvalidInputError(
          `${field}[${i}][${j}]`,
          `expected a symmetric matrix, got ${value} here and ${mirrored} at ${field}[${j}][${i}]`,
        );
      }
    }
  }
  for (let i = 0; i < n; i++) {
    const variance = matrix[i * n + i]!;
    if (variance < 0 || (variance === 0 && options.semidefinite !== true)) {
      throw new InvalidInputError(
        `${field}[${i}][${i}]`,
        `expected a ${options.semidefinite === true ? 'non-negative' : 'positive'} number on the diagonal, got ${variance}`,
      );
    }
    if (variance > 0) requireDivisor(() => `${field}[${i}][${i}]`, variance);
  }
  const lower = new Float64Array(n * n);
  const rank = covarianceFactor(lower, matrix, n);
  if (rank < 0) {
    throw new InvalidInputError(
      field,
      `expected a positive ${options.semidefinite === true ? 'semidefinite' : 'definite'} matrix, got one with a negative eigenvalue`,
    );
  }
  if (rank < n && options.semidefinite !== true) {
    throw new InvalidInputError(
      field,
      `expected a positive definite matrix, got a singular one of rank ${rank}, size ${n}`,
    );
  }
  return lower;
}
