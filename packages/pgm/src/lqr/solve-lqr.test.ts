import { sparseRowsOf, type TabularMdp } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { inferControl } from '../control/index.js';
import type { LqrInference, LqrProblem } from './lqr-problem.js';
import { solveLqr } from './solve-lqr.js';
import { solveStationaryLqr } from './stationary-lqr.js';

const ONE = Float64Array.of(1);

/** reference/inference.md, C7: x' = x + u + w, cost (x^2 + u^2) / 2. */
const scalar = (noise: number): LqrProblem => ({
  A: ONE,
  B: ONE,
  Q: ONE,
  R: ONE,
  noiseCovariance: Float64Array.of(noise),
});

/** The constant of V that the integral over u brings in one step, for temperature 1 and P~. */
const normalizer = (predicted: number) => 0.5 * (Math.log(2 * Math.PI) - Math.log(1 + predicted));

describe('the scalar regulator (C7)', () => {
  it.each([
    ['variational', 0],
    ['exact', 0],
    ['variational', 1],
  ] as const)('%s with noise variance %d: P runs through ratios of Fibonacci numbers', (inference, noise) => {
    const { P, K, policyCovariance, valueConstant } = solveLqr(scalar(noise), { inference, horizon: 4 });
    [21 / 13, 8 / 5, 3 / 2, 1, 0].forEach((value, t) => {
      expect(P[t]).toBeCloseTo(value, 14);
    });
    for (let t = 0; t < 4; t++) {
      const next = P[t + 1]!;
      expect(K[t]).toBeCloseTo(next / (1 + next), 14);
      expect(policyCovariance[t]).toBeCloseTo(1 / (1 + next), 14);
      expect(valueConstant[t]! - valueConstant[t + 1]!).toBeCloseTo(
        -0.5 * next * noise + normalizer(next),
        14,
      );
    }
    const endless = solveStationaryLqr(scalar(noise), { inference });
    expect(endless.P[0]!.toFixed(7)).toBe('1.6180340');
    expect((-endless.K[0]!).toFixed(7)).toBe('-0.6180340');
    expect(endless.valueConstant).toBeNull();
    expect(endless.averageReward).toBeCloseTo(-0.5 * endless.P[0]! * noise + normalizer(endless.P[0]!), 14);
  });

  it('exact with noise variance 1: P~ = P / (1 + P), and less control', () => {
    const { P, K, valueConstant } = solveLqr(scalar(1), { inference: 'exact', horizon: 3 });
    [15 / 11, 4 / 3, 1, 0].forEach((value, t) => {
      expect(P[t]).toBeCloseTo(value, 14);
    });
    for (let t = 0; t < 3; t++) {
      const next = P[t + 1]!;
      const predicted = next / (1 + next);
      expect(K[t]).toBeCloseTo(predicted / (1 + predicted), 14);
      expect(valueConstant[t]! - valueConstant[t + 1]!).toBeCloseTo(
        -0.5 * Math.log(1 + next) + normalizer(predicted),
        14,
      );
    }
    const endless = solveStationaryLqr(scalar(1), { inference: 'exact' });
    expect(endless.P[0]!.toFixed(7)).toBe('1.3660254');
    expect((-endless.K[0]!).toFixed(7)).toBe('-0.3660254');
    const predicted = endless.P[0]! / (1 + endless.P[0]!);
    expect(endless.averageReward).toBeCloseTo(-0.5 * Math.log(1 + endless.P[0]!) + normalizer(predicted), 14);
  });
});

describe('against quadrature over controls and noise', () => {
  const problem: LqrProblem = {
    A: Float64Array.of(0.9),
    B: Float64Array.of(0.7),
    Q: Float64Array.of(1.3),
    R: Float64Array.of(0.6),
    noiseCovariance: Float64Array.of(0.4),
    terminalCost: Float64Array.of(2.1),
  };
  const temperature = 0.8;
  /** Equidistant points: the trapezoidal rule is exact to rounding for what decays like a Gaussian. */
  const points = (limit: number, count: number) =>
    Array.from({ length: count }, (_, i) => limit * ((2 * i) / (count - 1) - 1));
  const controls = points(9, 49);
  const noises = points(7.5, 31);

  function value(inference: LqrInference, discount: number, steps: number, x: number): number {
    if (steps === 0) return -0.5 * problem.terminalCost![0]! * x * x;
    const std = Math.sqrt(problem.noiseCovariance[0]!);
    const noiseStep = (noises[1]! - noises[0]!) / Math.sqrt(2 * Math.PI);
    let integral = 0;
    for (const u of controls) {
      let ahead = 0;
      for (const e of noises) {
        const y = problem.A[0]! * x + problem.B[0]! * u + std * e;
        const next = value(inference, discount, steps - 1, y);
        const weight = noiseStep * Math.exp(-0.5 * e * e);
        ahead += weight * (inference === 'exact' ? Math.exp(next / temperature) : next);
      }
      if (inference === 'exact') ahead = temperature * Math.log(ahead);
      const reward = -0.5 * (problem.Q[0]! * x * x + problem.R[0]! * u * u);
      integral += Math.exp((reward + discount * ahead) / temperature);
    }
    return temperature * Math.log(integral * (controls[1]! - controls[0]!));
  }

  it.each([
    ['exact', 1],
    ['variational', 1],
    ['variational', 0.7],
  ] as const)('%s with discount %d', (inference, discount) => {
    const { P, valueConstant } = solveLqr(problem, { inference, discount, temperature, horizon: 2 });
    for (const x of [0, 1.5]) {
      const expected = value(inference, discount, 2, x);
      expect(-0.5 * P[0]! * x * x + valueConstant[0]!).toBeCloseTo(expected, 9);
    }
  });
});

describe('against the tabular backups on a grid', () => {
  const problem: LqrProblem = { ...scalar(0.25), A: Float64Array.of(0.9) };
  const spacing = 0.2;
  const states = Array.from({ length: 81 }, (_, i) => spacing * (i - 40));
  const controls = Array.from({ length: 61 }, (_, i) => spacing * (i - 30));
  const transition = new Float64Array(states.length * controls.length * states.length);
  const reward = new Float64Array(states.length * controls.length);
  states.forEach((x, s) => {
    controls.forEach((u, a) => {
      const row = s * controls.length + a;
      reward[row] = -0.5 * (x * x + u * u);
      const weights = states.map((next) => Math.exp((-0.5 * (next - 0.9 * x - u) ** 2) / 0.25));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      weights.forEach((weight, next) => {
        transition[row * states.length + next] = weight / total;
      });
    });
  });
  const mdp: TabularMdp = {
    stateCount: states.length,
    actionCount: controls.length,
    transition: sparseRowsOf(transition, reward.length, states.length),
    reward,
    initial: Float64Array.from(states, (_, s) => (s === 40 ? 1 : 0)),
    terminal: new Uint8Array(states.length),
  };

  it.each(['exact', 'variational'] as const)('%s: the same V, and the same mean control', (inference) => {
    const horizon = 3;
    const tabular = inferControl(mdp, { inference, horizon });
    const { P, K, valueConstant } = solveLqr(problem, { inference, horizon });
    for (let t = 0; t < horizon; t++) {
      for (const s of [35, 40, 44]) {
        const x = states[s]!;
        // A sum over controls is an integral but for their spacing.
        const V = tabular.V[t * states.length + s]! + (horizon - t) * Math.log(spacing);
        expect(V).toBeCloseTo(-0.5 * P[t]! * x * x + valueConstant[t]!, 8);
        const policy = (t * states.length + s) * controls.length;
        const mean = controls.reduce((sum, u, a) => sum + u * tabular.policy[policy + a]!, 0);
        expect(mean).toBeCloseTo(-K[t]! * x, 8);
      }
    }
  });
});
