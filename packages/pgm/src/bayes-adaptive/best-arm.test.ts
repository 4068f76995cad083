import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestArm } from './best-arm.js';

const of = (...counts: number[]) => bestArm(Float64Array.from(counts));

/** P(p_0 > p_1) for whole-numbered alpha of the first: a sum of Beta functions (Miller 2015). */
function winsOver(alpha: number, beta: number, otherAlpha: number, otherBeta: number): number {
  const logBeta = (a: number, b: number) => LOG_GAMMA[a]! + LOG_GAMMA[b]! - LOG_GAMMA[a + b]!;
  let sum = 0;
  for (let i = 0; i < alpha; i++) {
    sum += Math.exp(
      logBeta(otherAlpha + i, otherBeta + beta) -
        Math.log(beta + i) -
        logBeta(1 + i, beta) -
        logBeta(otherAlpha, otherBeta),
    );
  }
  return sum;
}

/** log (n - 1)! */
const LOG_GAMMA = new Float64Array(10_000);
for (let n = 2; n < LOG_GAMMA.length; n++) LOG_GAMMA[n] = LOG_GAMMA[n - 1]! + Math.log(n - 1);

describe('bestArm', () => {
  // The sum itself loses digits as the logarithms in it grow.
  it.each([
    [20, 1e-12],
    [2000, 1e-8],
  ])('agrees with the sum for two arms with whole numbers up to %d', (largest, error) => {
    const count = fc.integer({ min: 1, max: largest });
    fc.assert(
      fc.property(count, count, count, count, (a, b, c, d) => {
        expect(Math.abs(of(a, b, c, d).probs[0]! - winsOver(a, b, c, d))).toBeLessThan(error);
      }),
      { numRuns: 50 },
    );
  });

  it('gives the order statistics of uniform arms', () => {
    for (let arms = 1; arms <= 5; arms++) {
      const { probs, mean } = bestArm(new Float64Array(2 * arms).fill(1));
      expect(mean).toBeCloseTo(arms / (arms + 1), 13);
      for (const probability of probs) expect(probability).toBeCloseTo(1 / arms, 13);
    }
  });

  it('has the mean of a single arm, whatever its parameters', () => {
    const count = fc.double({ min: 0.05, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(count, count, (alpha, beta) => {
        const { mean, probs } = of(alpha, beta);
        expect(mean).toBeCloseTo(alpha / (alpha + beta), 11);
        expect(probs[0]).toBe(1);
      }),
      { numRuns: 100 },
    );
  });

  it('is exact where densities are infinite at both ends: two arcsine laws', () => {
    // E max = 1/2 + E|p - q| / 2 with E|p - q| = 4 / pi^2.
    expect(of(0.5, 0.5, 0.5, 0.5).mean).toBeCloseTo(0.5 + 2 / Math.PI ** 2, 12);
  });
});
