import { describe, expect, it } from 'vitest';
import { covarianceFactor } from './covariance-factor.js';
import { multiplyTransposed } from './multiply.js';
import { randomCovariance } from './test-support/random-matrix.js';

describe('covarianceFactor', () => {
  it.each([
    [1, 1],
    [4, 4],
    [4, 2],
    [8, 5],
    [3, 0],
  ])('of size %i and rank %i', (n, rank) => {
    const matrix = rank === 0 ? new Float64Array(n * n) : randomCovariance(n, 10 * n + rank, rank);
    const lower = new Float64Array(n * n).fill(99);
    expect(covarianceFactor(lower, matrix, n)).toBe(rank);
    const product = new Float64Array(n * n);
    multiplyTransposed(product, lower, lower, n, n, n);
    product.forEach((value, i) => {
      expect(value).toBeCloseTo(matrix[i]!, 12);
    });
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(lower[i * n + j]).toBe(0);
  });

  it('does not take a variable in small units for a constant', () => {
    const lower = new Float64Array(4);
    expect(covarianceFactor(lower, Float64Array.of(1e12, 0, 0, 1e-12), 2)).toBe(2);
    expect(Array.from(lower)).toEqual([1e6, 0, 0, 1e-6]);
  });

  it.each([
    ['indefinite', [1, 2, 2, 1]],
    ['indefinite and large', [1e200, 2e200, 2e200, 1e200]],
    ['negative', [-1, 0, 0, 1]],
    ['negative throughout', [-1, 0, 0, -1]],
    ['of a constant that covaries', [0, 1, 1, 0]],
    ['slightly indefinite', [1, 1, 1, 1 - 1e-6]],
    ['NaN', [1, 0, 0, Number.NaN]],
  ])('refuses a matrix that is %s', (_name, values) => {
    expect(covarianceFactor(new Float64Array(4), Float64Array.from(values), 2)).toBe(-1);
  });

  it.each([1, 1e200, 1e-200])('takes a matrix that only rounding made indefinite, of size %d', (size) => {
    const matrix = Float64Array.of(1, 1, 1, 1 - 1e-11).map((value) => size * value);
    expect(covarianceFactor(new Float64Array(4), matrix, 2)).toBe(1);
  });
});
