import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../linear-algebra/test-support/expect-close.js';
import { randomMatrix } from '../linear-algebra/test-support/random-matrix.js';
import type { LqrProblem } from './lqr-problem.js';
import { type LqrSolution, solveLqr } from './solve-lqr.js';
import { spectralRadius } from './spectral-radius.js';
import { solveStationaryLqr } from './stationary-lqr.js';
import { randomProblem, withoutTerminalCost } from './test-support/random-problem.js';

const sizes = fc.record({
  n: fc.integer({ min: 1, max: 4 }),
  m: fc.integer({ min: 1, max: 3 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
  horizon: fc.integer({ min: 1, max: 8 }),
  temperature: fc.double({ min: 0.05, max: 20, noNaN: true }),
});

function valueAt({ P, valueConstant, stateSize: n }: LqrSolution, t: number, x: Float64Array): number {
  let quadratic = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) quadratic += x[i]! * P[(t * n + i) * n + j]! * x[j]!;
  return -0.5 * quadratic + valueConstant[t]!;
}

const times = (factor: number, array: Float64Array) => array.map((value) => factor * value);

describe('every problem', () => {
  it('is worth at least as much to the optimist, in every state and at every time', () => {
    fc.assert(
      fc.property(sizes, ({ n, m, seed, horizon, temperature }) => {
        const problem = randomProblem(n, m, seed);
        const exact = solveLqr(problem, { inference: 'exact', horizon, temperature });
        const variational = solveLqr(problem, { inference: 'variational', horizon, temperature });
        for (let t = 0; t <= horizon; t++) {
          for (const scale of [0, 1, 30]) {
            const x = times(scale, randomMatrix(n, 1, seed + t));
            const bound = valueAt(variational, t, x);
            expect(valueAt(exact, t, x)).toBeGreaterThanOrEqual(bound - 1e-10 * Math.max(1, Math.abs(bound)));
          }
        }
      }),
    );
  });

  it('without noise has one answer', () => {
    fc.assert(
      fc.property(sizes, ({ n, m, seed, horizon, temperature }) => {
        const problem = randomProblem(n, m, seed, 0);
        const exact = solveLqr(problem, { inference: 'exact', horizon, temperature });
        const variational = solveLqr(problem, { inference: 'variational', horizon, temperature });
        for (const field of ['P', 'K', 'policyCovariance', 'valueConstant'] as const) {
          expectClose(exact[field], variational[field], 1e-12);
        }
      }),
    );
  });

  it('scaled in reward and temperature alike scales V and keeps the policy', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.constantFrom('exact' as const, 'variational' as const),
        ({ n, m, seed, horizon, temperature }, scale, inference) => {
          const problem = randomProblem(n, m, seed, Math.max(0, n - 1));
          const scaled: LqrProblem = {
            ...problem,
            Q: times(scale, problem.Q),
            R: times(scale, problem.R),
            terminalCost: times(scale, problem.terminalCost!),
          };
          const before = solveLqr(problem, { inference, horizon, temperature });
          const after = solveLqr(scaled, { inference, horizon, temperature: scale * temperature });
          expectClose(times(1 / scale, after.P), before.P, 1e-10);
          expectClose(after.K, before.K, 1e-10);
          expectClose(after.policyCovariance, before.policyCovariance, 1e-10);
          // The volume of controls has no scale: it is the same on both sides.
          expectClose(times(1 / scale, after.valueConstant), before.valueConstant, 1e-9);
        },
      ),
    );
  });

  it('of ever longer horizons tends to the endless one', () => {
    fc.assert(
      fc.property(sizes, fc.constantFrom('exact' as const, 'variational' as const), (size, inference) => {
        const { n, m, seed, temperature } = size;
        const random = withoutTerminalCost(randomProblem(n, m, seed));
        // What B barely reaches must decay by itself for 400 steps to be as good as an infinite horizon.
        const fading = Math.min(1, 0.95 / spectralRadius(random.A, n));
        const problem = { ...random, A: times(fading, random.A) };
        const endless = solveStationaryLqr(problem, { inference, temperature });
        const finite = solveLqr(problem, { inference, temperature, horizon: 400 });
        expectClose(finite.P.subarray(0, n * n), endless.P, 1e-8);
        expectClose(finite.K.subarray(0, m * n), endless.K, 1e-8);
        expectClose(finite.policyCovariance.subarray(0, m * m), endless.policyCovariance, 1e-8);
        const gained = finite.valueConstant[0]! - finite.valueConstant[1]!;
        expect(Math.abs(gained - endless.averageReward)).toBeLessThanOrEqual(
          1e-8 * Math.max(1, Math.abs(gained)),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('tends to the discounted endless one, its constant included', () => {
    const problem = withoutTerminalCost(randomProblem(3, 2, 5));
    const options = { inference: 'variational', discount: 0.9, temperature: 0.3 } as const;
    const endless = solveStationaryLqr(problem, options);
    const finite = solveLqr(problem, { ...options, horizon: 600 });
    expectClose(finite.P.subarray(0, 9), endless.P, 1e-10);
    expect(finite.valueConstant[0]).toBeCloseTo(endless.valueConstant!, 8);
    expect(endless.averageReward).toBeCloseTo(0.1 * endless.valueConstant!, 10);
  });
});

describe('limits of the temperature', () => {
  const problem = randomProblem(3, 2, 11);

  it('infinity: the optimist has no reason to hope, and P and K are the variational ones', () => {
    const exact = solveLqr(problem, { inference: 'exact', horizon: 5, temperature: 1e10 });
    const variational = solveLqr(problem, { inference: 'variational', horizon: 5, temperature: 1e10 });
    expectClose(exact.P, variational.P, 1e-7);
    expectClose(exact.K, variational.K, 1e-7);
  });

  it('0, variational: the policy becomes its mean and V the cost of the classic regulator', () => {
    const temperature = 1e-9;
    const { P, policyCovariance, valueConstant } = solveLqr(problem, {
      inference: 'variational',
      horizon: 5,
      temperature,
    });
    expect(Math.max(...policyCovariance)).toBeLessThan(1e-7);
    let expected = 0;
    for (let t = 1; t <= 5; t++) {
      for (let i = 0; i < 9; i++) {
        // tr(P W) with the entries of two symmetric matrices.
        expected -= 0.5 * P[t * 9 + i]! * problem.noiseCovariance[i]!;
      }
    }
    expect(valueConstant[0]).toBeCloseTo(expected, 6);
  });

  it('0, exact: the noise is hoped to do all that control could, so that only the cost of now counts', () => {
    const { P, K } = solveLqr(problem, { inference: 'exact', horizon: 5, temperature: 1e-12 });
    expectClose(P.subarray(0, 9), problem.Q, 1e-9);
    expect(Math.max(...K.map(Math.abs))).toBeLessThan(1e-9);
  });
});

it('a horizon of 100,000 with rewards of 1e4 stays finite and meets the endless one', () => {
  const base = withoutTerminalCost(randomProblem(2, 1, 3));
  const problem = { ...base, Q: times(1e4, base.Q) };
  const finite = solveLqr(problem, { inference: 'exact', horizon: 100_000 });
  const endless = solveStationaryLqr(problem, { inference: 'exact' });
  expectClose(finite.P.subarray(0, 4), endless.P, 1e-10);
  expect(finite.valueConstant[0]! / 100_000 / endless.averageReward).toBeCloseTo(1, 4);
});
