// The target of n steps against the exact soft values of a linear system with quadratic cost, without learning.
import { Rng } from '@maxent/core';
import { solveStationaryLqr } from '@maxent/pgm';
import { describe, expect, it } from 'vitest';
import { NStepWindow } from '../learner/n-step-window.js';

// LinearQuadratic-v0: a double integrator, one action.
const A = [1, 0.1, 0, 1] as const;
const B = [0, 0.1] as const;
const Q = [1, 0, 0, 0.1] as const;
const R = 0.1;
const DEVIATION = 0.02;
const [DISCOUNT, TEMPERATURE] = [0.9, 0.1];
const ROLLOUTS = 10_000;

const exact = solveStationaryLqr(
  {
    A: Float64Array.from(A),
    B: Float64Array.from(B),
    Q: Float64Array.from(Q),
    R: Float64Array.of(R),
    noiseCovariance: Float64Array.of(DEVIATION ** 2, 0, 0, DEVIATION ** 2),
  },
  { inference: 'variational', discount: DISCOUNT, temperature: TEMPERATURE },
);
const std = Math.sqrt(exact.policyCovariance[0]!);

type State = readonly [number, number];

const form = (m: ArrayLike<number>, [x, y]: State) => m[0]! * x * x + (m[1]! + m[2]!) * x * y + m[3]! * y * y;
const value = (s: State) => -form(exact.P, s) / 2 + exact.valueConstant!;
const mean = (s: State) => -(exact.K[0]! * s[0] + exact.K[1]! * s[1]);
const reward = (s: State, u: number) => -(form(Q, s) + R * u * u) / 2;
const moved = ([x, y]: State, u: number): State => [x + 0.1 * y, y + 0.1 * u];
/** Q(s, u) = r + discount E V(s'): the noise adds -trace(P W) / 2 to the value of the mean. */
const soft = (s: State, u: number) =>
  reward(s, u) + DISCOUNT * (value(moved(s, u)) - ((exact.P[0]! + exact.P[3]!) * DEVIATION ** 2) / 2);

/** Targets of n steps from (s, u) on, acting by the exact policy, and what the entropy along the way adds to each. */
function targets(length: number, start: State, first: number) {
  const rng = Rng.fromSeed(1);
  const each = Array.from({ length: ROLLOUTS }, () => {
    const window = new NStepWindow({ length, discount: DISCOUNT, observationSize: 2, actionShape: [1] });
    let state = start;
    const found: { target: number; entropy: number }[] = [];
    for (let t = 0; t < length; t++) {
      const noise = rng.normal();
      const action = t === 0 ? first : mean(state) + std * noise;
      const [x, y] = moved(state, action);
      const next: State = [x + rng.normal(0, DEVIATION), y + rng.normal(0, DEVIATION)];
      window.push(
        {
          observation: Float32Array.from(state),
          action: Float32Array.of(action),
          reward: reward(state, action),
          logProb: -(noise ** 2) / 2 - Math.log(std) - Math.log(2 * Math.PI) / 2,
          nextObservation: Float32Array.from(next),
          duration: 1,
          terminated: false,
          truncated: false,
        },
        (row) => {
          const entropy = -TEMPERATURE * row.logProb;
          found.push({ entropy, target: row.reward + entropy + DISCOUNT ** row.duration * value(next) });
        },
      );
      state = next;
    }
    return found;
  });
  expect(each.every((found) => found.length === 1)).toBe(true);
  return each.flat();
}

function expectMean(values: readonly number[], expected: number): void {
  const average = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - average) ** 2, 0) / (values.length - 1);
  const error = Math.sqrt(variance / values.length);
  expect(Math.abs(average - expected)).toBeLessThan(4 * error + 1e-6);
  // The test is sharp: the standard error is far below the entropy's share.
  expect(error).toBeLessThan(0.005);
}

describe('the target of n steps on a linear-quadratic system', () => {
  it('has the table of values', () => {
    expect(value([1, 0])).toBeCloseTo(-2.421484, 6);
  });

  it.each([1, 2, 3, 5])('is the soft Q-value on average, n = %d', (n) => {
    for (const [start, action] of [
      [[1, 0], -1],
      [[-0.5, 0.8], 0.4],
    ] as const) {
      const drawn = targets(n, start, action);
      expectMean(
        drawn.map(({ target }) => target),
        soft(start, action),
      );
      // Without the entropy it is too low by temperature H (discount + ... + discount^(n - 1)).
      const entropy = Math.log(std) + Math.log(2 * Math.PI * Math.E) / 2;
      let share = 0;
      for (let k = 1; k < n; k++) share += TEMPERATURE * entropy * DISCOUNT ** k;
      expectMean(
        drawn.map((each) => each.entropy),
        share,
      );
    }
  });
});
