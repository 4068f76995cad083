import { Rng } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { LinearGaussianPolicy, lqrPolicyAtTime } from './linear-gaussian-policy.js';
import { solveLqr } from './solve-lqr.js';
import { randomProblem } from './test-support/random-problem.js';

describe('LinearGaussianPolicy', () => {
  const policy = new LinearGaussianPolicy(Float64Array.of(1, 2, 0, -1), Float64Array.of(1, 0.5, 0.5, 2));
  const state = Float64Array.of(0.5, -1);

  it('has the density and entropy of its Gaussian', () => {
    expect(Array.from(policy.mean(state))).toEqual([1.5, -1]);
    // Sigma^-1 = [[2, -0.5], [-0.5, 1]] / 1.75; deviation (1, -1) gives 4 / 1.75.
    const expected = -0.5 * (4 / 1.75 + 2 * Math.log(2 * Math.PI) + Math.log(1.75));
    expect(policy.logProb(state, Float64Array.of(2.5, -2))).toBeCloseTo(expected, 13);
    expect(policy.entropy).toBeCloseTo(1 + Math.log(2 * Math.PI) + 0.5 * Math.log(1.75), 13);
  });

  it('samples with mean, covariance and mean log density as they should be', () => {
    const rng = Rng.fromSeed(3);
    const count = 50_000;
    const moments = new Float64Array(6);
    for (let i = 0; i < count; i++) {
      const control = policy.sample(state, rng);
      const [a, b] = [control[0]! - 1.5, control[1]! + 1];
      [a, b, a * a, a * b, b * b, policy.logProb(state, control)].forEach((value, k) => {
        moments[k]! += value / count;
      });
    }
    // Standard deviations of one draw: of products of Gaussians by Isserlis' theorem, of the log density 1.
    [0, 0, 1, 0.5, 2, -policy.entropy].forEach((expected, k) => {
      const deviation = [1, Math.SQRT2, Math.SQRT2, 1.5, Math.sqrt(8), 1][k]!;
      expect(Math.abs(moments[k]! - expected)).toBeLessThan((5 * deviation) / Math.sqrt(count));
    });
  });

  it('is the softmax of Q: log p(u | x) = (Q(x, u) - V(x)) / temperature, whatever u is', () => {
    const temperature = 0.4;
    const problem = randomProblem(1, 1, 8);
    const solution = solveLqr(problem, { inference: 'variational', horizon: 3, temperature });
    const { P, valueConstant } = solution;
    const x = 0.7;
    const value = (t: number, y: number) => -0.5 * P[t]! * y * y + valueConstant[t]!;
    for (const u of [-1, 0, 2.5]) {
      const ahead = problem.A[0]! * x + problem.B[0]! * u;
      const Q =
        -0.5 * (problem.Q[0]! * x * x + problem.R[0]! * u * u) +
        value(2, ahead) -
        0.5 * P[2]! * problem.noiseCovariance[0]!;
      expect(lqrPolicyAtTime(solution, 1).logProb(Float64Array.of(x), Float64Array.of(u))).toBeCloseTo(
        (Q - value(1, x)) / temperature,
        11,
      );
    }
  });

  it.each([
    ['policyCovariance', [1, 2], [1, 0]],
    ['policyCovariance', [1, 2], [0]],
    ['policyCovariance[1][0]', [1, 2], [1, 0, 0.5, 1]],
    ['K', [], [1]],
    ['K[0][1]', [1, Number.NaN], [1]],
  ])('names %s', (field, K, covariance) => {
    const make = () => new LinearGaussianPolicy(Float64Array.from(K), Float64Array.from(covariance));
    expect(make).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    expect(make).toThrow(`${field}`);
  });

  it('refuses a time beyond the horizon', () => {
    const solution = solveLqr(randomProblem(1, 1, 8), { inference: 'exact', horizon: 3 });
    expect(() => lqrPolicyAtTime(solution, 3)).toThrow('t: expected an integer from 0 to 2, got 3');
  });
});
