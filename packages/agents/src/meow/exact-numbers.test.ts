// The formulas of MEow against quadrature and worked numbers, in double precision; what the agent computes is held to
// these formulas in energy-flow.test.ts.
import { solveStationaryLqr } from '@maxent/pgm';
import { describe, expect, it } from 'vitest';
import {
  type FlowInDouble,
  gaussian,
  integrate,
  logNormalizer,
  logProb,
  logShape,
  logSlope,
  type Row,
  valueByQuadrature,
} from './test-support/flow-in-double.js';

/** z = u - m, in one dimension. */
const shifted = (m: number, std: number): FlowInDouble => ({
  prior: gaussian([std]),
  inverse: ([u]) => [u! - m],
  logDet: () => 0,
  squashed: true,
});

/** The arguments between which `f` has its largest values on a grid of this many steps, refined by golden section. */
function argmax(f: (a: number) => number, low: number, high: number, steps = 4000): number {
  const at = (i: number) => low + ((high - low) * i) / steps;
  let best = 0;
  for (let i = 1; i <= steps; i++) if (f(at(i)) > f(at(best))) best = i;
  let [left, right] = [at(Math.max(best - 1, 0)), at(Math.min(best + 1, steps))];
  const ratio = (Math.sqrt(5) - 1) / 2;
  for (let i = 0; i < 60; i++) {
    const [a, b] = [right - ratio * (right - left), left + ratio * (right - left)];
    if (f(a) > f(b)) right = b;
    else left = a;
  }
  return (left + right) / 2;
}

describe('the soft value', () => {
  it.each([
    { alpha: 0.2, std: Math.exp(-0.3), m: 0.5, b: 3, value: 0.723787707 },
    { alpha: 0.05, std: Math.exp(-5), m: 1, b: -2, value: -0.304053073 },
    { alpha: 0.25, std: 1, m: -0.3, b: 10, value: 2.729734633 },
  ])('in one dimension is the formula and the quadrature: %o', ({ alpha, std, m, b, value }) => {
    const flow = shifted(m, std);
    expect(alpha * (logNormalizer(flow) + b)).toBeCloseTo(value, 9);
    const quadrature = valueByQuadrature(flow, { alpha, shift: b, limit: 14, steps: 40_000 });
    expect(quadrature).toBeCloseTo(value, 9);
  });

  it('in two dimensions is the quadrature, through couplings that keep volume', () => {
    const flow: FlowInDouble = {
      prior: gaussian([0.6, 0.5]),
      inverse: ([u1, u2]) => {
        const z2 = u2! - 0.8 * Math.sin(1.5 * u1!);
        return [u1! - 0.6 * Math.tanh(2 * z2), z2];
      },
      logDet: () => 0,
      squashed: true,
    };
    expect(0.25 * (logNormalizer(flow) + 1)).toBeCloseTo(0.408476066, 9);
    const quadrature = valueByQuadrature(flow, { alpha: 0.25, shift: 1, limit: 7, steps: 280 });
    expect(quadrature).toBeCloseTo(0.408476066, 9);
  });

  it('of a mixture is the quadrature', () => {
    const prior = [
      { mean: [1, -0.4], logStd: [-0.5, -1], logHeight: 0.7 },
      { mean: [-1.2, 0.3], logStd: [-0.2, -0.8], logHeight: -0.4 },
    ];
    const flow: FlowInDouble = {
      prior,
      inverse: ([u1, u2]) => [u1!, u2! - Math.sin(2 * u1!)],
      logDet: () => 0,
      squashed: true,
    };
    const quadrature = valueByQuadrature(flow, { alpha: 1, shift: 0, limit: 8, steps: 320 });
    expect(quadrature).toBeCloseTo(logNormalizer(flow), 9);
    for (const u of [
      [0.3, -0.2],
      [2, 1.4],
    ]) {
      expect(logShape(flow, u) - logNormalizer(flow)).toBeCloseTo(logProb(flow, u), 10);
    }
  });
});

describe('the squash', () => {
  it('has the logarithm of its slope from u: at a = 1 - 1e-5 it is -10.82', () => {
    const u = Math.atanh(1 - 1e-5);
    expect(u).toBeCloseTo(6.1, 2);
    expect(logSlope(u)).toBeCloseTo(-10.82, 2);
    expect(logSlope(u)).toBeCloseTo(Math.log(1 - (1 - 1e-5) ** 2), 9);
    expect(logSlope(-u)).toBe(logSlope(u));
  });

  it('gives a uniform action a mean square u of pi^2 / 12, which a narrow prior punishes', () => {
    const square = integrate(([u]) => (u! ** 2 * Math.exp(logSlope(u!))) / 2, 1, 30, 20_000);
    expect(square).toBeCloseTo(Math.PI ** 2 / 12, 9);
    expect(square).toBeCloseTo(0.8225, 4);
    const std = Math.exp(-2.65);
    expect(std).toBeCloseTo(0.0707, 4);
    // The mean of Q / alpha for each dimension, without the squash, and its value on the bound.
    expect(Math.round((-0.5 * square) / std ** 2)).toBe(-82);
    expect(Math.round((-0.5 * (6.1 / std) ** 2) / 100)).toBe(-37);
    expect(Math.round((-0.5 * (6.1 / Math.exp(-5)) ** 2) / 1e5)).toBe(-4);
  });

  // Squashing moves modes: the deterministic action is the mode before it.
  it.each([
    { std: Math.exp(-0.3), m: 0, deterministic: 0, best: 0.4979 },
    { std: Math.exp(-0.3), m: 0.5, deterministic: 0.4621, best: 0.9037 },
    { std: Math.exp(-0.3), m: 1, deterministic: 0.7616, best: 0.9682 },
    { std: 0.1, m: 1, deterministic: 0.7616, best: 0.768 },
  ])('moves the action of the largest Q: %o', ({ std, m, deterministic, best }) => {
    const flow = shifted(m, std);
    const atAction = (a: number) => logShape(flow, [Math.atanh(a)]);
    expect(Math.tanh(m)).toBeCloseTo(deterministic, 4);
    const found = argmax(atAction, 0, 1 - 1e-9);
    expect(found).toBeCloseTo(best, 4);
    if (m === 0) expect(argmax(atAction, -1 + 1e-9, 0)).toBeCloseTo(-best, 4);
    if (m === 1 && std > 0.5) expect(atAction(found) - atAction(Math.tanh(m))).toBeCloseTo(0.875, 3);
  });

  it('gives a centered Gaussian two modes as soon as its variance exceeds 1/2', () => {
    const modeOf = (logStd: number) =>
      argmax((a) => logShape(shifted(0, Math.exp(logStd)), [Math.atanh(a)]), 0, 1 - 1e-9);
    expect(modeOf(-0.3466)).toBeCloseTo(0, 1);
    expect(modeOf(-0.36)).toBeCloseTo(0, 6);
    expect(modeOf(-0.33)).toBeGreaterThan(0.2);
  });
});

describe('the modes before the squash', () => {
  const slope = (f: (u: Row) => number, u: Row): number =>
    Math.hypot(
      ...u.map((_, i) => {
        const at = (offset: number) => f(u.map((value, k) => (k === i ? value + offset : value)));
        return (at(1e-5) - at(-1e-5)) / 2e-5;
      }),
    );

  it('of additive couplings over one Gaussian are one: nothing is flat but the image of 0', () => {
    const flow: FlowInDouble = {
      prior: gaussian([0.6, 0.5]),
      inverse: ([u1, u2]) => {
        const z2 = u2! - 2 * Math.sin(2 * u1!);
        return [u1! - 2 * Math.tanh(2 * z2), z2];
      },
      logDet: () => 0,
      squashed: false,
    };
    const density = (u: Row) => logShape(flow, u);
    expect(slope(density, [0, 0])).toBeLessThan(1e-8);
    for (let x = -3; x <= 3; x += 0.25) {
      for (let y = -3; y <= 3; y += 0.25) {
        if (x !== 0 || y !== 0) expect(slope(density, [x, y])).toBeGreaterThan(0.02);
      }
    }
  });

  it('of affine couplings may be two: at +-sqrt(log 4), 2.24 times as high as the image of 0', () => {
    const scale = (u1: number) => 2 * Math.exp(-(u1 ** 2));
    const flow: FlowInDouble = {
      prior: gaussian([1, 1]),
      inverse: ([u1, u2]) => [u1!, u2! * Math.exp(-scale(u1!))],
      logDet: ([u1]) => -scale(u1!),
      squashed: false,
    };
    const along = (u1: number) => logShape(flow, [u1, 0]);
    const mode = argmax(along, 0, 4);
    expect(mode).toBeCloseTo(1.177, 3);
    expect(mode).toBeCloseTo(Math.sqrt(Math.log(4)), 6);
    expect(Math.exp(along(mode) - along(0))).toBeCloseTo(2.24, 2);
    expect(slope((u) => logShape(flow, u), [mode, 0])).toBeLessThan(1e-5);
    expect(slope((u) => logShape(flow, u), [-mode, 0])).toBeLessThan(1e-5);
    expect(valueByQuadrature(flow, { alpha: 1, shift: 0, limit: 60, steps: 600 })).toBeCloseTo(
      logNormalizer(flow),
      8,
    );
  });
});

describe('a bandit whose reward the model can represent', () => {
  const alpha = 0.2;
  const reward = (u: number) => alpha * (-0.5 * ((u - 0.4) / 0.5) ** 2 - logSlope(u) + 1);

  it('is solved by m = 0.4, sigma = 0.5 with V = 0.245158271', () => {
    const flow = shifted(0.4, 0.5);
    for (const u of [-3, -0.2, 0.4, 1.7, 5]) {
      expect(alpha * (logShape(flow, [u]) + 1)).toBeCloseTo(reward(u), 12);
    }
    expect(alpha * (logNormalizer(flow) + 1)).toBeCloseTo(0.245158271, 9);
  });
});

describe('the linear-quadratic regulator', () => {
  const [A, B, R, noise] = [[1, 0.1, 0, 1], [0, 0.1], 0.1, 0.02 ** 2];
  const cost = [1, 0, 0, 0.1];

  // The table of the discounted double integrator: without and with noise of standard deviation 0.02.
  it.each([
    {
      g: 0.9,
      alpha: 0.1,
      P: [6.479277, 2.270704, 2.069382],
      K: [1.722776, 1.742311],
      std: 0.918148,
      v0: 0.818155,
      quiet: 0.833542,
      V10: -2.421484,
    },
    {
      g: 0.9,
      alpha: 0.01,
      P: [6.479277, 2.270704, 2.069382],
      K: [1.722776, 1.742311],
      std: 0.290344,
      v0: -0.047163,
      quiet: -0.031775,
      V10: -3.286801,
    },
    {
      g: 0.99,
      alpha: 0.1,
      P: [9.210709, 3.466542, 3.002675],
      K: [2.645471, 2.556021],
      std: 0.877982,
      v0: 7.64627,
      quiet: 7.888095,
      V10: 3.040916,
    },
    {
      g: 0.99,
      alpha: 0.01,
      P: [9.210709, 3.466542, 3.002675],
      K: [2.645471, 2.556021],
      std: 0.277642,
      v0: -0.604308,
      quiet: -0.362483,
      V10: -5.209662,
    },
  ])('is a fixed point of the model without squash: discount $g, temperature $alpha', (row) => {
    const { g, alpha } = row;
    const solve = (W: number) =>
      solveStationaryLqr(
        {
          A: Float64Array.from(A),
          B: Float64Array.from(B),
          Q: Float64Array.from(cost),
          R: Float64Array.of(R),
          noiseCovariance: Float64Array.of(W, 0, 0, W),
        },
        { inference: 'variational', discount: g, temperature: alpha },
      );
    const { P, K, policyCovariance, valueConstant } = solve(noise);
    const quiet = solve(0).valueConstant!;
    const std = Math.sqrt(policyCovariance[0]!);
    for (const [i, expected] of row.P.entries()) expect([P[0], P[1], P[3]][i]).toBeCloseTo(expected, 6);
    for (const [i, expected] of row.K.entries()) expect(K[i]).toBeCloseTo(expected, 6);
    expect(std).toBeCloseTo(row.std, 6);
    expect(valueConstant).toBeCloseTo(row.v0, 6);
    expect(quiet).toBeCloseTo(row.quiet, 6);

    // sigma^2 = alpha / S, shift -K x and b(x) = V(x) / alpha - 1/2 log 2 pi - log sigma, set by hand.
    const quadratic = ([x1, x2]: Row) => (P[0]! * x1! ** 2 + 2 * P[1]! * x1! * x2! + P[3]! * x2! ** 2) / 2;
    const flowAt = ([x1, x2]: Row): FlowInDouble => ({
      prior: gaussian([std]),
      inverse: ([u]) => [u! + K[0]! * x1! + K[1]! * x2!],
      logDet: () => 0,
      squashed: false,
    });
    const b = (x: Row) => (quiet - quadratic(x)) / alpha - 0.5 * Math.log(2 * Math.PI) - Math.log(std);
    const value = (x: Row) => alpha * (logNormalizer(flowAt(x)) + b(x));
    expect(value([1, 0]) + valueConstant! - quiet).toBeCloseTo(row.V10, 6);
    for (const [x1, x2, u] of [
      [1, 0, 0],
      [-0.4, 0.7, -1.3],
      [2, -1, 4],
    ] as const) {
      const reward = -(x1 ** 2 + 0.1 * x2 ** 2 + R * u ** 2) / 2;
      const next = [x1 + 0.1 * x2, x2 + 0.1 * u];
      const Q = alpha * (logShape(flowAt([x1, x2]), [u]) + b([x1, x2]));
      expect(Q - (reward + g * value(next))).toBeCloseTo(0, 9);
    }
  });

  it('with more actions is an additive flow: Sigma = L D L^T, shift by L and variances D', () => {
    const [variance, covariance, other] = [0.5, 0.3, 0.4];
    const l = covariance / variance;
    const flow: FlowInDouble = {
      prior: gaussian([Math.sqrt(variance), Math.sqrt(other - l * covariance)]),
      inverse: ([u1, u2]) => [u1!, u2! - l * u1!],
      logDet: () => 0,
      squashed: false,
    };
    const determinant = variance * other - covariance ** 2;
    const density = ([x, y]: Row) =>
      -(other * x! ** 2 - 2 * covariance * x! * y! + variance * y! ** 2) / (2 * determinant) -
      0.5 * Math.log(determinant) -
      Math.log(2 * Math.PI);
    for (const u of [
      [0, 0],
      [0.7, -0.2],
      [-1, -1.5],
    ]) {
      expect(logProb(flow, u)).toBeCloseTo(density(u), 12);
    }
  });
});
