import { describe, expect, it } from 'vitest';
import { absorbColumns } from './absorb-columns.js';
import { multiplyTransposed } from './multiply.js';
import { randomMatrix } from './test-support/random-matrix.js';

function randomLower(n: number, seed: number): Float64Array {
  const lower = randomMatrix(n, n, seed);
  for (let i = 0; i < n; i++) lower.fill(0, i * n + i + 1, (i + 1) * n);
  return lower;
}

describe('absorbColumns', () => {
  it.each([
    [1, 1],
    [3, 1],
    [3, 5],
    [8, 8],
  ])("gives the factor of L L' + B B' for sizes %i and %i", (n, count) => {
    const lower = randomLower(n, n);
    const columns = randomMatrix(n, count, 7 * n);
    const expected = new Float64Array(n * n);
    const other = new Float64Array(n * n);
    multiplyTransposed(expected, lower, lower, n, n, n);
    multiplyTransposed(other, columns, columns, n, count, n);
    absorbColumns(lower, n, columns, count);
    const actual = new Float64Array(n * n);
    multiplyTransposed(actual, lower, lower, n, n, n);
    actual.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]! + other[i]!, 12);
    });
    for (let i = 0; i < n; i++) {
      expect(lower[i * n + i]).toBeGreaterThanOrEqual(0);
      for (let j = i + 1; j < n; j++) expect(lower[i * n + j]).toBe(0);
    }
  });

  it('keeps a variance of 1e-20 next to one of 1, where the covariance itself would have lost it', () => {
    const lower = Float64Array.of(1, 0, 1, 0);
    absorbColumns(lower, 2, Float64Array.of(0, 1e-10), 1);
    expect(Array.from(lower)).toEqual([1, 0, 1, 1e-10]);
  });

  it('leaves L alone for B = 0', () => {
    const lower = Float64Array.of(2, 0, 1, 0);
    absorbColumns(lower, 2, new Float64Array(4), 2);
    expect(Array.from(lower)).toEqual([2, 0, 1, 0]);
  });

  it.each([1, 3])('of a large matrix of rank %i gives numbers', (rank) => {
    // Each row that depends on those above leaves a rounding of a rounding: after twenty, their squares vanish.
    const n = 60;
    const columns = randomMatrix(n, rank + 2, rank);
    for (let i = 0; i < n; i++) columns.fill(0, i * (rank + 2) + rank, (i + 1) * (rank + 2));
    const mixed = new Float64Array(n * (rank + 2));
    multiplyTransposed(mixed, columns, randomMatrix(rank + 2, rank + 2, 9), n, rank + 2, rank + 2);
    const expected = new Float64Array(n * n);
    multiplyTransposed(expected, mixed, mixed, n, rank + 2, n);
    const lower = new Float64Array(n * n);
    absorbColumns(lower, n, mixed, rank + 2);
    const actual = new Float64Array(n * n);
    multiplyTransposed(actual, lower, lower, n, n, n);
    actual.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-12);
    });
  });
});
