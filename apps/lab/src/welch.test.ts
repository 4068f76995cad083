import { InvalidInputError } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { studentQuantile, welchInterval } from './welch.js';

describe('studentQuantile', () => {
  // From the regularized incomplete beta function in 30 digits (mpmath 1.3.0).
  it.each([
    [0.95, 2, 2.91998558],
    [0.95, 5, 2.015048373],
    [0.95, 10, 1.812461123],
    [0.975, 4, 2.776445105],
    [0.995, 30, 2.749995654],
    [0.9, 3, 1.637744354],
    [0.95, 7.5, 1.875747479],
    [0.05, 5, -2.015048373],
    [0.5, 7, 0],
  ])('of probability %f with %f degrees of freedom is %f', (probability, degreesOfFreedom, expected) => {
    expect(studentQuantile(probability, degreesOfFreedom)).toBeCloseTo(expected, 7);
  });

  it('refuses what it cannot answer', () => {
    expect(() => studentQuantile(1, 5)).toThrow(InvalidInputError);
    expect(() => studentQuantile(0.95, 1.5)).toThrow(InvalidInputError);
  });
});

describe('welchInterval', () => {
  const a = [27.5, 21, 19, 23.6, 17, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19, 21.7, 21.4];
  const b = [27.1, 22, 20.8, 23.4, 23.4, 23.5, 25.8, 22, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 31.3];

  it('has the difference, the degrees of freedom and the width of a worked example', () => {
    const { difference, low, high, degreesOfFreedom } = welchInterval(a, b, 0.9);
    expect(difference).toBeCloseTo(-3.293333333, 9);
    expect(degreesOfFreedom).toBeCloseTo(27.3116104722, 6);
    expect(low).toBeCloseTo(-5.19457934384, 6);
    expect(high).toBeCloseTo(-1.39208732283, 6);
  });

  it('is turned round when the groups change places', () => {
    const forward = welchInterval(a, b, 0.9);
    const backward = welchInterval(b, a, 0.9);
    expect(backward.low).toBeCloseTo(-forward.high, 12);
    expect(backward.high).toBeCloseTo(-forward.low, 12);
  });

  it('refuses groups that say nothing about their spread', () => {
    expect(() => welchInterval([1, 2], [1, 2, 3], 0.9)).toThrow(/^a: /);
    expect(() => welchInterval([1, 2, 3], [1, 2], 0.9)).toThrow(/^b: /);
    expect(() => welchInterval([1, 1, 1], [2, 2, 2], 0.9)).toThrow(InvalidInputError);
  });
});
