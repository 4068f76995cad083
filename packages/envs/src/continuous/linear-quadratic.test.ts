import { InvalidInputError, Rng } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { LinearQuadratic, linearQuadratic } from './linear-quadratic.js';

const DISCOUNT = 0.9;
const TEMPERATURE = 0.05;
const START = [1, -0.5] as const;

/** The default system, written out for one action: x' = x + 0.1 v, v' = v + 0.1 u, cost x^2 + 0.1 v^2 + 0.1 u^2. */
interface Solution {
  readonly gain: readonly [number, number];
  readonly variance: number;
  /** V at START, discounted, entropy included. */
  readonly value: number;
}

/** Iterates the Riccati equation of the doc comment: P as [xx, xv, vv]. */
function solve(): Solution {
  let [xx, xv, vv] = [0, 0, 0];
  let gain: [number, number] = [0, 0];
  let curvature = 0;
  for (let i = 0; i < 2000; i++) {
    curvature = 0.1 + DISCOUNT * 0.01 * vv;
    // B' P A with A = [[1, 0.1], [0, 1]].
    const pull = [0.1 * xv, 0.1 * (0.1 * xv + vv)] as const;
    gain = [(DISCOUNT * pull[0]) / curvature, (DISCOUNT * pull[1]) / curvature];
    const carried = [xx, 0.1 * xx + xv, 0.01 * xx + 0.2 * xv + vv] as const;
    xx = 1 + DISCOUNT * carried[0] - DISCOUNT * pull[0] * gain[0];
    xv = DISCOUNT * carried[1] - DISCOUNT * pull[0] * gain[1];
    vv = 0.1 + DISCOUNT * carried[2] - DISCOUNT * pull[1] * gain[1];
  }
  const noise = (DISCOUNT * 0.02 ** 2 * (xx + vv)) / 2;
  const entropy = (TEMPERATURE / 2) * Math.log((2 * Math.PI * TEMPERATURE) / curvature);
  const [x, v] = START;
  return {
    gain,
    variance: TEMPERATURE / curvature,
    value: -(xx * x * x + 2 * xv * x * v + vv * v * v) / 2 + (entropy - noise) / (1 - DISCOUNT),
  };
}

/** Discounted returns, entropy included, of u ~ N(-gain x, variance), one per episode. */
function softReturns(gain: readonly [number, number], variance: number, episodes: number): number[] {
  const environment = new LinearQuadratic();
  const rng = Rng.fromSeed(8);
  environment.reset({ seed: 4 });
  return Array.from({ length: episodes }, () => {
    environment.reset();
    const snapshot = environment.getState();
    environment.setState({
      ...snapshot,
      arrays: { state: { shape: [2], data: Float64Array.from(START) } },
    });
    let [x, v] = START as readonly [number, number];
    let total = 0;
    for (let t = 0, weight = 1; t < 150; t++, weight *= DISCOUNT) {
      const noise = rng.normal();
      const action = -gain[0] * x - gain[1] * v + Math.sqrt(variance) * noise;
      const logProb = -0.5 * noise ** 2 - 0.5 * Math.log(2 * Math.PI * variance);
      const { observation, reward } = environment.step(Float64Array.of(action));
      [x, v] = observation as unknown as [number, number];
      total += weight * (reward - TEMPERATURE * logProb);
    }
    return total;
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('LinearQuadratic', () => {
  const { gain, variance, value } = solve();

  it('pays the policy of the Riccati equation what its value says', () => {
    const returns = softReturns(gain, variance, 1500);
    const average = mean(returns);
    const spread = Math.sqrt(mean(returns.map((total) => (total - average) ** 2)) / returns.length);
    expect(spread).toBeLessThan(0.02);
    expect(Math.abs(average - value)).toBeLessThan(4 * spread);
  });

  it.each([
    ['a stronger gain', 1.3, 1],
    ['a weaker gain', 0.7, 1],
    ['more noise', 1, 2],
    ['less noise', 1, 0.5],
  ])('pays %s less', (_, gainFactor, varianceFactor) => {
    const other = [gain[0] * gainFactor, gain[1] * gainFactor] as const;
    // The same random numbers on both sides.
    const best = softReturns(gain, variance, 400);
    const changed = softReturns(other, variance * varianceFactor, 400);
    expect(mean(changed)).toBeLessThan(mean(best));
  });

  it('clips the action before it moves or costs anything', () => {
    const bounded = new LinearQuadratic(
      linearQuadratic.options.parse({
        A: [[1]],
        B: [[2]],
        Q: [[4]],
        R: [[6]],
        noiseDeviations: [0],
        startDeviation: 0,
        actionLimit: 0.5,
      }),
    );
    bounded.reset({ seed: 0 });
    const first = bounded.step(Float32Array.of(3));
    expect([Array.from(first.observation), first.reward]).toEqual([[1], -0.75]);
    const second = bounded.step(Float32Array.of(-0.25));
    expect([Array.from(second.observation), second.reward]).toEqual([[0.5], -2.1875]);
  });

  it.each([
    [{ A: [[1, 0]] }, 'A: expected 1 rows of 1 entries, got 1 of 2'],
    [{ B: [[1]] }, 'B: expected 2 rows of 1 entries'],
    [{ Q: [[1]] }, 'Q: expected 2 rows of 2 entries'],
    [
      {
        Q: [
          [1, 0],
          [2, 1],
        ],
      },
      'Q[0][1]: expected a symmetric matrix with 2 here, got 0',
    ],
    [{ R: [[1, 0]] }, 'R: expected 1 rows of 1 entries'],
    [{ noiseDeviations: [1] }, 'noiseDeviations: expected 1 rows of 2 entries'],
  ])('refuses %j', (options, message) => {
    const parsed = linearQuadratic.options.parse(options);
    expect(() => new LinearQuadratic(parsed)).toThrow(InvalidInputError);
    expect(() => new LinearQuadratic(parsed)).toThrow(message);
  });
});
