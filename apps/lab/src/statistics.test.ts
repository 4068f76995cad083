import { InvalidInputError } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { largestDifference, relativeDistance, sampleVariance } from './statistics.js';

describe('sampleVariance', () => {
  it('matches a worked example', () => {
    expect(sampleVariance([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(32 / 7, 12);
  });

  it('needs two values', () => {
    expect(() => sampleVariance([1])).toThrow(InvalidInputError);
  });
});

describe('relativeDistance', () => {
  it('is the norm of the difference divided by the norm of the reference', () => {
    expect(relativeDistance([3, 4.5], [3, 4])).toBeCloseTo(0.1, 12);
    expect(relativeDistance([0, 0], [0, 0])).toBe(0);
    expect(relativeDistance([1], [0])).toBe(Number.POSITIVE_INFINITY);
    expect(relativeDistance([Number.NaN], [1])).toBeNaN();
  });

  it('refuses arrays of different lengths', () => {
    expect(() => relativeDistance([1], [1, 2])).toThrow(/expected 2 values/);
  });
});

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
