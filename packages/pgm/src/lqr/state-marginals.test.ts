import { Rng } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { covarianceFactor } from '../linear-algebra/covariance-factor.js';
import { expectClose } from '../linear-algebra/test-support/expect-close.js';
import { evaluateLqrPolicy } from './evaluate-policy.js';
import { lqrPolicyAtTime } from './linear-gaussian-policy.js';
import { lqrEvidence } from './lqr-evidence.js';
import { solveLqr } from './solve-lqr.js';
import { lqrStateMarginals } from './state-marginals.js';
import { jointPosterior } from './test-support/joint-gaussian.js';
import { randomProblem, randomStart } from './test-support/random-problem.js';

describe('against the joint Gaussian over whole trajectories', () => {
  it.each([
    [1, 1, 1, 1, 1],
    [1, 1, 4, 1, 0.5],
    [2, 1, 3, 1, 2],
    [3, 2, 4, 3, 0.7],
    [2, 3, 2, 0, 1],
  ])('n=%i m=%i T=%i, noise of rank %i, temperature %d', (n, m, horizon, rank, temperature) => {
    const problem = randomProblem(n, m, 10 * n + m, rank);
    const start = randomStart(n, 7);
    const joint = jointPosterior(problem, start, horizon, temperature);
    const { logEvidence, elbo, kl } = lqrEvidence(problem, start, { horizon, temperature });
    expect(Math.abs(logEvidence - joint.logEvidence)).toBeLessThanOrEqual(
      1e-10 * Math.max(1, Math.abs(joint.logEvidence)),
    );
    expect(kl).toBe(logEvidence - elbo);
    expect(kl).toBeGreaterThan(0);

    const solution = solveLqr(problem, { inference: 'exact', horizon, temperature });
    const { means, covariances } = lqrStateMarginals(problem, solution, start);
    for (let t = 0; t <= horizon; t++) {
      const { mean, covariance } = joint.state(t);
      expectClose(means.subarray(t * n, (t + 1) * n), mean, 1e-10);
      expectClose(covariances.subarray(t * n * n, (t + 1) * n * n), covariance, 1e-10);
    }
  });
});

describe('evidence and bound', () => {
  const temperature = 0.6;
  const problem = randomProblem(2, 2, 40);
  const start = randomStart(2, 41);

  it('meet for a known start without noise', () => {
    const { logEvidence, elbo, kl } = lqrEvidence(
      { ...problem, noiseCovariance: new Float64Array(4) },
      { ...start, initialCovariance: new Float64Array(4) },
      { horizon: 6, temperature },
    );
    expect(elbo).toBeCloseTo(logEvidence, 11);
    expect(kl).toBeGreaterThanOrEqual(0);
    expect(kl).toBeLessThan(1e-11);
  });

  it("of the variational policy is E V_0, and any other policy's is lower by its divergence", () => {
    const solution = solveLqr(problem, { inference: 'variational', horizon: 5, temperature });
    const { elbo } = evaluateLqrPolicy(problem, solution, start, { temperature });
    let expected = solution.valueConstant[0]!;
    for (let i = 0; i < 2; i++) {
      for (let j = 0; j < 2; j++) {
        const second = start.initialCovariance[i * 2 + j]! + start.initialMean[i]! * start.initialMean[j]!;
        expected -= 0.5 * solution.P[i * 2 + j]! * second;
      }
    }
    expect(temperature * elbo!).toBeCloseTo(expected, 10);
    const others = [
      { ...solution, K: solution.K.map((value) => 0.9 * value) },
      { ...solution, policyCovariance: solution.policyCovariance.map((value) => 1.3 * value) },
      solveLqr(problem, { inference: 'exact', horizon: 5, temperature }),
    ];
    for (const other of others) {
      expect(evaluateLqrPolicy(problem, other, start, { temperature }).elbo).toBeLessThan(elbo!);
    }
    // Each of 5 steps has 2 controls of 1.3 times the best variance: a divergence of (0.3 - log 1.3) / 2 for each.
    const { elbo: wider } = evaluateLqrPolicy(problem, others[1]!, start, { temperature });
    expect(elbo! - wider!).toBeCloseTo(5 * (0.3 - Math.log(1.3)), 10);
  });

  it('bounds nothing for a discount below 1', () => {
    const solution = solveLqr(problem, { inference: 'variational', horizon: 5, temperature, discount: 0.9 });
    const value = evaluateLqrPolicy(problem, solution, start, { temperature, discount: 0.9 });
    expect(value.elbo).toBeNull();
    const known = { initialMean: start.initialMean, initialCovariance: new Float64Array(4) };
    const { expectedReturn, entropy } = evaluateLqrPolicy(problem, solution, known, {
      temperature,
      discount: 0.9,
    });
    let expected = solution.valueConstant[0]!;
    for (let i = 0; i < 4; i++) {
      expected -= 0.5 * solution.P[i]! * start.initialMean[i >> 1]! * start.initialMean[i % 2]!;
    }
    expect(expectedReturn + temperature * entropy).toBeCloseTo(expected, 10);
  });
});

it('true dynamics: marginals and expected return agree with 20,000 simulated episodes within 5 standard errors', () => {
  const [n, horizon, episodes] = [2, 4, 20_000];
  const problem = randomProblem(n, 1, 60, 1);
  const start = randomStart(n, 61);
  const solution = solveLqr(problem, { inference: 'variational', horizon });
  const { means, covariances } = lqrStateMarginals(problem, solution, start);
  const { expectedReturn } = evaluateLqrPolicy(problem, solution, start);
  const rng = Rng.fromSeed(1);
  const policies = Array.from({ length: horizon }, (_, t) => lqrPolicyAtTime(solution, t));
  const startFactor = new Float64Array(n * n);
  const noiseFactor = new Float64Array(n * n);
  covarianceFactor(startFactor, start.initialCovariance, n);
  covarianceFactor(noiseFactor, problem.noiseCovariance, n);
  const last = new Float64Array(n);
  const returns = new Float64Array(episodes);
  for (let episode = 0; episode < episodes; episode++) {
    const draw = (mean: Float64Array, factor: Float64Array) => {
      const e = [rng.normal(), rng.normal()];
      return mean.map((value, i) => value + factor[i * n]! * e[0]! + factor[i * n + 1]! * e[1]!);
    };
    const cost = (x: Float64Array, M: Float64Array) =>
      0.5 * (M[0]! * x[0]! ** 2 + 2 * M[1]! * x[0]! * x[1]! + M[3]! * x[1]! ** 2);
    let x = draw(start.initialMean, startFactor);
    for (let t = 0; t < horizon; t++) {
      const u = policies[t]!.sample(x, rng)[0]!;
      returns[episode]! -= cost(x, problem.Q) + 0.5 * problem.R[0]! * u * u;
      const { A, B } = problem;
      x = draw(
        x.map((_, i) => A[i * n]! * x[0]! + A[i * n + 1]! * x[1]! + B[i]! * u),
        noiseFactor,
      );
    }
    returns[episode]! -= cost(x, problem.terminalCost!);
    for (let i = 0; i < n; i++) last[i]! += x[i]! / episodes;
  }
  for (let i = 0; i < n; i++) {
    const error = Math.sqrt(covariances[horizon * n * n + i * (n + 1)]! / episodes);
    expect(Math.abs(last[i]! - means[horizon * n + i]!)).toBeLessThan(5 * error);
  }
  const mean = returns.reduce((sum, value) => sum + value, 0) / episodes;
  const variance = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (episodes - 1);
  expect(Math.abs(mean - expectedReturn)).toBeLessThan(5 * Math.sqrt(variance / episodes));
});
