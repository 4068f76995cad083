import { InvalidInputError, Rng } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { interquartileMean, mean, median, quantile } from './score-statistics.js';

describe('mean', () => {
  it('is the sum over the count, of the largest numbers as well', () => {
    expect(mean([2, 4, 4, 4, 5, 5, 7, 9])).toBe(5);
    expect(mean([1.7e308, 1.7e308])).toBe(1.7e308);
  });
});

describe('median', () => {
  it('is the middle value, or the mean of the middle two', () => {
    expect(median([30, 1, 2])).toBe(2);
    expect(median([10, 2, 9, 1])).toBe(5.5);
  });
});

describe('quantile', () => {
  // numpy.quantile([3, 1, 10, 4], q)
  it.each([
    [0, 1],
    [0.025, 1.15],
    [0.5, 3.5],
    [0.9, 8.2],
    [1, 10],
  ])('at %s is as in NumPy', (share, expected) => {
    expect(quantile([3, 1, 10, 4], share)).toBeCloseTo(expected, 12);
  });

  it.each([-0.1, 1.1, Number.NaN])('refuses a share of %s', (share) => {
    expect(() => quantile([1], share)).toThrow('share: expected a number from 0 to 1');
  });
});

describe('interquartileMean', () => {
  // scipy.stats.trim_mean(values, 0.25), which rliable 1.2.0 calls.
  it.each<[number[], number]>([
    [[103.77], 103.77],
    [[96.04, 119.21], 107.625],
    [[103.15, 83.93, 110.85], 99.31],
    [[139.12, 128.41, 78.89, 62.04], 103.65],
    [[81.3, 101.24, 30.25, 93.44, 62.62], 79.12],
    [[140.99, 80.04, 110.55, 127.1, 102.82, 77.7, 72.35], 99.642],
    [[86.27, 106.61, 69.71, 93.72, 95.22, 116.23, 106.44, 110.66], 100.4975],
    [[90.58, 143.74, 158.81, 154.05, 139.45, 110.72, 63.75, 99.87, 119.69, 61.35], 117.34166666666665],
    [
      [111.85, 112.9, 120.88, 64.48, 80.15, 86.91, 64.91, 152.18, 85.12, 109.87, 92.24, 147.5, 139.61],
      102.82428571428571,
    ],
  ])('of %j is as in SciPy', (values, expected) => {
    expect(interquartileMean(values)).toBeCloseTo(expected, 10);
  });

  it('moves and scales with its values, ignores their order and stays within their middle half', () => {
    const rng = Rng.fromSeed(5);
    for (let count = 1; count <= 24; count++) {
      const values = Array.from({ length: count }, () => rng.normal());
      const center = interquartileMean(values);
      expect(interquartileMean(values.map((value) => 3 - 2 * value))).toBeCloseTo(3 - 2 * center, 10);
      expect(interquartileMean(rng.shuffle([...values]))).toBeCloseTo(center, 10);
      const ordered = [...values].sort((a, b) => a - b);
      const cut = Math.floor(count / 4);
      expect(center).toBeGreaterThanOrEqual(ordered[cut]! - 1e-12);
      expect(center).toBeLessThanOrEqual(ordered[count - 1 - cut]! + 1e-12);
    }
  });

  it('ignores an outlier', () => {
    expect(interquartileMean([1, 2, 3, 4, 5e9])).toBe(3);
  });
});

it.each([mean, median, interquartileMean, (none: number[]) => quantile(none, 0.5)])(
  'no values have no statistics',
  (statistic) => {
    expect(() => statistic([])).toThrow(InvalidInputError);
  },
);

it('leaves values in their order', () => {
  const values = [3, 1, 2, 0];
  median(values);
  quantile(values, 0.3);
  interquartileMean(values);
  expect(values).toEqual([3, 1, 2, 0]);
});
