import { describe, expect, it } from 'vitest';
import { solveLower, solveLowerTransposed } from './triangular-solve.js';

// The 99s lie above the diagonal and must not be read.
const lower = Float64Array.of(2, 99, 99, 1, 4, 99, -1, 3, 5);

describe('triangular solves', () => {
  it('L X = B with two right-hand sides', () => {
    const b = Float64Array.of(2, 4, 9, -2, 20, 8); // L times [[1, 2], [2, -1], [3, 13/5]]
    solveLower(lower, 3, b, 2);
    [1, 2, 2, -1, 3, 13 / 5].forEach((value, i) => {
      expect(b[i]).toBeCloseTo(value, 14);
    });
  });

  it("L' x = b", () => {
    const b = Float64Array.of(2 * 1 + 2 - 3, 4 * 2 + 9, 15); // L' times [1, 2, 3]
    solveLowerTransposed(lower, 3, b, 1);
    expect(Array.from(b)).toEqual([1, 2, 3]);
  });
});
