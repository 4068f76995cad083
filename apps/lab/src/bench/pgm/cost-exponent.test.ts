import { describe, expect, it } from 'vitest';
import { costExponent } from './cost-exponent.js';

describe('costExponent', () => {
  it.each([1, 2, 0.5])('finds %d', (exponent) => {
    const sizes = [10, 20, 80];
    expect(
      costExponent(
        sizes,
        sizes.map((size) => 3 * size ** exponent),
      ),
    ).toBeCloseTo(exponent, 12);
  });

  it('needs two sizes', () => {
    expect(() => costExponent([1], [1])).toThrow(/at least 2/);
  });
});
