import { InvalidInputError } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { requireMatrix, requireSymmetricPositiveDefinite, requireVector } from './require-matrix.js';

function fieldOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof InvalidInputError) return error.field;
    throw error;
  }
  return 'no error';
}

describe('checks of matrices', () => {
  it.each([
    ['a missing entry', [1, 2, 3], 'F'],
    ['NaN', [1, 2, 3, 4, Number.NaN, 6], 'F[1][1]'],
    ['Infinity', [1, 2, Infinity, 4, 5, 6], 'F[0][2]'],
  ])('name %s', (_name, values, field) => {
    expect(fieldOf(() => requireMatrix('F', Float64Array.from(values), 2, 3))).toBe(field);
  });

  it.each([
    ['a missing entry', [1, 2], 'b'],
    ['NaN', [1, Number.NaN, 3], 'b[1]'],
  ])('name %s of a vector', (_name, values, field) => {
    expect(fieldOf(() => requireVector('b', Float64Array.from(values), 3))).toBe(field);
  });

  it.each([
    ['asymmetry', [1, 0.5, 0.4, 1], 'Q[1][0]', 'Q[1][0]'],
    ['asymmetry next to a variance in small units', [1e12, 0, 1, 1], 'Q[1][0]', 'Q[1][0]'],
    ['a negative variance', [1, 0, 0, -1], 'Q[1][1]', 'Q[1][1]'],
    ['a variance of 0', [0, 0, 0, 1], 'Q[0][0]', 'no error'],
    ['an impossible correlation', [1, 2, 2, 1], 'Q', 'Q'],
    ['a perfect correlation', [1, 1, 1, 1], 'Q', 'no error'],
    ['NaN', [1, 0, 0, Number.NaN], 'Q[1][1]', 'Q[1][1]'],
    ['nothing wrong', [2, 1, 1 + 1e-12, 2], 'no error', 'no error'],
  ])('of covariances name %s', (_name, values, field, semidefiniteField) => {
    const matrix = Float64Array.from(values);
    expect(fieldOf(() => requireSymmetricPositiveDefinite('Q', matrix, 2))).toBe(field);
    expect(fieldOf(() => requireSymmetricPositiveDefinite('Q', matrix, 2, { semidefinite: true }))).toBe(
      semidefiniteField,
    );
  });

  it('return the lower-triangular factor', () => {
    const lower = requireSymmetricPositiveDefinite('Q', Float64Array.of(4, 2, 2, 17), 2);
    [2, 0, 1, 4].forEach((value, i) => {
      expect(lower[i]).toBeCloseTo(value, 14);
    });
  });
});
