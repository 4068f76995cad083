import { describe, expect, it } from 'vitest';
import { cholesky, choleskyLogDeterminant, choleskySolve } from './cholesky.js';
import { multiply, multiplyTransposed } from './multiply.js';
import { randomCovariance, randomMatrix } from './test-support/random-matrix.js';

describe('Cholesky factor', () => {
  it('of a matrix with a known one, also in place', () => {
    const matrix = Float64Array.of(4, 2, -2, 2, 17, 11, -2, 11, 35);
    const expected = [2, 0, 0, 1, 4, 0, -1, 3, 5];
    const lower = new Float64Array(9).fill(99);
    expect(cholesky(lower, matrix, 3)).toBe(true);
    expect(Array.from(lower)).toEqual(expected);
    expect(cholesky(matrix, matrix, 3)).toBe(true);
    expect(Array.from(matrix)).toEqual(expected);
    expect(choleskyLogDeterminant(lower, 3)).toBeCloseTo(2 * Math.log(40), 14);
  });

  it.each([1, 3, 8])('solves random systems of size %i', (n) => {
    const matrix = randomCovariance(n, n);
    const lower = new Float64Array(n * n);
    expect(cholesky(lower, matrix, n)).toBe(true);
    const product = new Float64Array(n * n);
    multiplyTransposed(product, lower, lower, n, n, n);
    product.forEach((value, i) => {
      expect(value).toBeCloseTo(matrix[i]!, 12);
    });
    const solution = randomMatrix(n, 2, 50 + n);
    const b = new Float64Array(n * 2);
    multiply(b, matrix, solution, n, n, 2);
    choleskySolve(lower, n, b, 2);
    b.forEach((value, i) => {
      expect(value).toBeCloseTo(solution[i]!, 9);
    });
  });

  it.each([
    ['indefinite', [1, 2, 2, 1]],
    ['singular', [1, 1, 1, 1]],
    ['NaN', [1, Number.NaN, Number.NaN, 1]],
  ])('refuses a %s matrix', (_name, values) => {
    expect(cholesky(new Float64Array(4), Float64Array.from(values), 2)).toBe(false);
  });
});
