import { describe, expect, it } from 'vitest';
import { broken, costExponent, largestDifference } from './judgement.js';

describe('largestDifference', () => {
  it.each([
    [[1, 2], [1, 2], 0],
    [[0.5, 0], [0.25, 0], 0.25],
    [[1100], [1000], 0.1],
    [[-Infinity], [-Infinity], 0],
    [[Number.NaN, 1], [1, 1], Infinity],
    [[1, Number.NaN], [1, 1], Infinity],
    [[1], [Infinity], Infinity],
  ])('of %j and %j is %d', (a, b, expected) => {
    expect(largestDifference(a, b)).toBeCloseTo(expected, 12);
  });

  it('refuses different lengths', () => {
    expect(() => largestDifference([1], [1, 2])).toThrow(/expected 2 values/);
  });
});

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

it('names the checks that do not hold', () => {
  expect(
    broken([
      { name: 'speed', value: 2.5, limit: 3, must: 'be at least' },
      { name: 'error', value: 1e-9, limit: 1e-8, must: 'be at most' },
      { name: 'nonsense', value: Number.NaN, limit: 1, must: 'be at most' },
    ]),
  ).toEqual(['speed must be at least 3.00, and is 2.50', 'nonsense must be at most 1.00, and is NaN']);
});
