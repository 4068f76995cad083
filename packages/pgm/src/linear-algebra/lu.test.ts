import { describe, expect, it } from 'vitest';
import { luFactor, luSolve } from './lu.js';
import { multiply } from './multiply.js';
import { randomMatrix } from './test-support/random-matrix.js';

describe('LU solve', () => {
  it('swaps rows when the first pivot is 0', () => {
    const matrix = Float64Array.of(0, 2, 1, 1, 1, 1, 2, 0, 3);
    const pivots = new Int32Array(3);
    expect(luFactor(matrix, pivots, 3)).toBe(true);
    const b = Float64Array.of(7, 6, 11); // A times [1, 2, 3]
    luSolve(matrix, pivots, 3, b, 1);
    [1, 2, 3].forEach((value, i) => {
      expect(b[i]).toBeCloseTo(value, 13);
    });
  });

  it.each([1, 2, 5, 8])('solves random systems of size %i', (n) => {
    const matrix = randomMatrix(n, n, n);
    const solution = randomMatrix(n, 3, 100 + n);
    const b = new Float64Array(n * 3);
    multiply(b, matrix, solution, n, n, 3);
    const pivots = new Int32Array(n);
    expect(luFactor(matrix, pivots, n)).toBe(true);
    luSolve(matrix, pivots, n, b, 3);
    b.forEach((value, i) => {
      expect(value).toBeCloseTo(solution[i]!, 11);
    });
  });

  it.each([
    ['singular', [1, 2, 2, 4]],
    ['zero', [0, 0, 0, 0]],
    ['NaN', [Number.NaN, 2, 2, 4]],
  ])('refuses a %s matrix', (_name, values) => {
    expect(luFactor(Float64Array.from(values), new Int32Array(2), 2)).toBe(false);
  });
});
