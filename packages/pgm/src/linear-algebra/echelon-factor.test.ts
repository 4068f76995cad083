import { describe, expect, it } from 'vitest';
import { echelonFactor } from './echelon-factor.js';
import { multiply, multiplyTransposed } from './multiply.js';
import { randomMatrix } from './test-support/random-matrix.js';

function gram(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const product = new Float64Array(rows * rows);
  multiplyTransposed(product, matrix, matrix, rows, columns, rows);
  return product;
}

describe('echelonFactor', () => {
  it.each([
    [3, 3, 2],
    [5, 4, 3],
    [6, 8, 6],
  ])("keeps M M' of a [%i, %i] matrix and clears %i rows right of their pivots", (rows, columns, leading) => {
    const matrix = randomMatrix(rows, columns, rows);
    const expected = gram(matrix, rows, columns);
    const pivotRows = new Int32Array(leading);
    expect(echelonFactor(matrix, rows, columns, leading, pivotRows)).toBe(leading);
    expect(Array.from(pivotRows)).toEqual(Array.from({ length: leading }, (_, i) => i));
    gram(matrix, rows, columns).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 12);
    });
    for (let r = 0; r < leading; r++) {
      for (let c = r + 1; c < columns; c++) expect(matrix[r * columns + c]).toBe(0);
    }
  });

  it('gives no pivot to rows that depend on the ones above them', () => {
    // Rows 0, 2 and 4 are independent; row 1 is twice row 0, row 3 is row 0 minus row 2, and row 5 is 0.
    const basis = randomMatrix(3, 5, 1);
    const mix = Float64Array.of(1, 0, 0, 2, 0, 0, 0, 1, 0, 1, -1, 0, 0, 0, 1, 0, 0, 0);
    const matrix = new Float64Array(6 * 5);
    multiply(matrix, mix, basis, 6, 3, 5);
    const expected = gram(matrix, 6, 5);
    const pivotRows = new Int32Array(6);
    expect(echelonFactor(matrix, 6, 5, 6, pivotRows)).toBe(3);
    expect(Array.from(pivotRows.subarray(0, 3))).toEqual([0, 2, 4]);
    gram(matrix, 6, 5).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 12);
    });
  });

  it('tells a ratio of 1e-9 from dependence', () => {
    expect(echelonFactor(Float64Array.of(1, 0, 1, 1e-9), 2, 2, 2, new Int32Array(2))).toBe(2);
  });
});
