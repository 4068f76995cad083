import { describe, expect, it } from 'vitest';
import { solveLqr } from './solve-lqr.js';
import { solveStationaryLqr } from './stationary-lqr.js';

// reference/inference.md, C7: x' = x + u + w, cost (x^2 + u^2) / 2.
const scalar = (noise: number) => {
  const one = Float64Array.of(1);
  return { A: one, B: one, Q: one, R: one, noiseCovariance: Float64Array.of(noise) };
};

describe('the scalar regulator (C7)', () => {
  it.each([
    ['variational', 0],
    ['exact', 0],
    ['variational', 1],
  ] as const)('%s with noise variance %d: P runs through ratios of Fibonacci numbers', (inference, noise) => {
    const { P, K, policyCovariance } = solveLqr(scalar(noise), { inference, horizon: 4 });
    [21 / 13, 8 / 5, 3 / 2, 1, 0].forEach((value, t) => {
      expect(P[t]).toBeCloseTo(value, 14);
    });
    for (let t = 0; t < 4; t++) {
      expect(K[t]).toBeCloseTo(P[t + 1]! / (1 + P[t + 1]!), 14);
      expect(policyCovariance[t]).toBeCloseTo(1 / (1 + P[t + 1]!), 14);
    }
    const endless = solveStationaryLqr(scalar(noise), { inference });
    expect(endless.P[0]).toBeCloseTo(1.618034, 6);
    expect(endless.K[0]).toBeCloseTo(0.618034, 6);
  });

  it('exact with noise variance 1 controls less', () => {
    const { P } = solveLqr(scalar(1), { inference: 'exact', horizon: 3 });
    [15 / 11, 4 / 3, 1, 0].forEach((value, t) => {
      expect(P[t]).toBeCloseTo(value, 14);
    });
    const endless = solveStationaryLqr(scalar(1), { inference: 'exact' });
    expect(endless.P[0]).toBeCloseTo(1.3660254, 7);
    expect(endless.K[0]).toBeCloseTo(0.3660254, 7);
  });
});
