import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incompleteBeta } from './incomplete-beta.js';

/** log B(a, b) for whole numbers. */
function logBeta(a: number, b: number): number {
  let log = -Math.log(a);
  for (let i = 1; i < b; i++) log += Math.log(i / (a + i));
  return log;
}

/** P(at least a successes in a + b - 1 tosses), which is I_x(a, b). */
function binomialTail(x: number, a: number, b: number): number {
  const n = a + b - 1;
  let sum = 0;
  for (let k = a; k <= n; k++) {
    let log = k * Math.log(x) + (n - k) * Math.log1p(-x);
    for (let i = 1; i <= k; i++) log += Math.log((n - k + i) / i);
    sum += Math.exp(log);
  }
  return sum;
}

describe('incompleteBeta', () => {
  it('is the tail of a binomial distribution for whole numbers', () => {
    const count = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), count, count, (x, a, b) => {
        const actual = incompleteBeta(Math.log(x), Math.log1p(-x), a, b, logBeta(a, b));
        expect(Math.abs(actual - binomialTail(x, a, b))).toBeLessThan(2e-13);
      }),
      { numRuns: 500 },
    );
  });

  it('is the arcsine law for 1/2 and 1/2', () => {
    for (const x of [1e-12, 0.1, 0.5, 0.9, 1 - 1e-9]) {
      const actual = incompleteBeta(Math.log(x), Math.log1p(-x), 0.5, 0.5, Math.log(Math.PI));
      const below = (p: number) => (2 / Math.PI) * Math.asin(Math.sqrt(p));
      expect(actual).toBeCloseTo(x > 0.5 ? 1 - below(1 - x) : below(x), 13);
    }
  });

  it('is 0 and 1 at the ends', () => {
    expect(incompleteBeta(-Infinity, 0, 2, 3, logBeta(2, 3))).toBe(0);
    expect(incompleteBeta(0, -Infinity, 2, 3, logBeta(2, 3))).toBe(1);
  });
});
