import { InvalidInputError, Rng } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { bootstrapInterval } from './bootstrap.js';
import { interquartileMean, mean } from './score-statistics.js';

const FIVE = [81.3, 101.24, 30.25, 93.44, 62.62];
const TEN = [90.58, 143.74, 158.81, 154.05, 139.45, 110.72, 63.75, 99.87, 119.69, 61.35];

describe('bootstrapInterval', () => {
  // rliable 1.2.0, get_interval_estimates with 200,000 repetitions.
  it.each([
    [FIVE, 41.04, 98.64],
    [TEN, 87.3225, 141.67166667],
  ])('of %j is as in rliable', (scores, low, high) => {
    const interval = bootstrapInterval(scores, interquartileMean);
    // 10,000 resamples leave a standard error of about half a percent of the interval.
    expect(Math.abs(interval.low - low)).toBeLessThan(0.02 * (high - low));
    expect(Math.abs(interval.high - high)).toBeLessThan(0.02 * (high - low));
  });

  it('gives the binomial distribution for the share of scores above a threshold', () => {
    // rliable 1.2.0, create_performance_profile: 0.8 of 5 scores lie above, interval 0.4 to 1.
    const above = (scores: readonly number[]) => scores.filter((score) => score > 15).length / scores.length;
    const interval = bootstrapInterval([10, 20, 30, 30, 50], above);
    expect(interval.low).toBeCloseTo(0.4, 12);
    expect(interval.high).toBeCloseTo(1, 12);
  });

  it('depends on the scores alone', () => {
    const interval = bootstrapInterval(TEN, interquartileMean);
    expect(bootstrapInterval(Rng.fromSeed(1).shuffle([...TEN]), interquartileMean)).toEqual(interval);
  });

  it('lies within the scores, moves with them, and shrinks with less confidence', () => {
    const rng = Rng.fromSeed(11);
    for (let count = 5; count < 15; count++) {
      const scores = Array.from({ length: count }, () => 100 * rng.normal());
      const options = { resamples: 500 };
      const { low, high } = bootstrapInterval(scores, interquartileMean, options);
      expect(low).toBeGreaterThanOrEqual(Math.min(...scores));
      expect(high).toBeLessThanOrEqual(Math.max(...scores));
      expect(low).toBeLessThan(high);
      const moved = bootstrapInterval(
        scores.map((score) => score + 1000),
        interquartileMean,
        options,
      );
      expect(moved.low).toBeCloseTo(low + 1000, 8);
      const half = bootstrapInterval(scores, interquartileMean, { ...options, confidence: 0.5 });
      expect(half.low).toBeGreaterThanOrEqual(low);
      expect(half.high).toBeLessThanOrEqual(high);
    }
  });

  it('is one value for scores that are all alike', () => {
    expect(bootstrapInterval([7, 7, 7, 7, 7, 7], mean)).toEqual({ low: 7, high: 7 });
  });

  it('refuses so few scores that it would mean nothing', () => {
    expect(() => bootstrapInterval([1, 2, 3, 4], interquartileMean)).toThrow(InvalidInputError);
    expect(() => bootstrapInterval([1, 2, 3, 4], interquartileMean)).toThrow('expected at least 5, got 4');
  });
});
