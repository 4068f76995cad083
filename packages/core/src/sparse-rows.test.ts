import { describe, expect, it } from 'vitest';
import { denseOf, sparseRowsOf } from './sparse-rows.js';

describe('sparseRowsOf', () => {
  it('keeps the entries that are not zero, row by row', () => {
    const matrix = sparseRowsOf(Float64Array.of(0, 2, 0, 0, 0, 0, 5, 0, 7), 3, 3);
    expect(Array.from(matrix.rowOffsets)).toEqual([0, 1, 1, 3]);
    expect(Array.from(matrix.columns)).toEqual([1, 0, 2]);
    expect(Array.from(matrix.values)).toEqual([2, 5, 7]);
  });

  it('is undone by denseOf', () => {
    const dense = Float64Array.of(0, 1, 0.5, 0, 0, 3);
    expect(denseOf(sparseRowsOf(dense, 2, 3))).toEqual(dense);
  });

  it('refuses a table of another size', () => {
    expect(() => sparseRowsOf(new Float64Array(5), 2, 3)).toThrow('dense: expected 6 entries, got 5');
  });
});
