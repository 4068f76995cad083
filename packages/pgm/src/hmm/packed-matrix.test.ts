import { describe, expect, it } from 'vitest';
import { multiplyPacked, packColumns } from './packed-matrix.js';

describe('multiplyPacked', () => {
  it.each([1, 2, 7, 8, 9, 16, 23])('is the product with a matrix of size %d', (size) => {
    const entry = (row: number, column: number) => Math.sin(1 + row * size + column);
    const x = Float64Array.from({ length: size + 5 }, (_, j) => Math.cos(3 * j));
    const out = new Float64Array(size + 2).fill(99);
    multiplyPacked(packColumns(size, entry), size, x, 2, out, 1);
    for (let row = 0; row < size; row++) {
      let sum = 0;
      for (let column = 0; column < size; column++) sum += entry(row, column) * x[2 + column]!;
      expect(out[1 + row]).toBeCloseTo(sum, 13);
    }
    expect([out[0], out[size + 1]]).toEqual([99, 99]);
  });
});
