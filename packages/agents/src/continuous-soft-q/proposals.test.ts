import { importanceSoftValue, readTensor, selectBackend, tensorOf } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Proposals, policyProposals, uniformProposals } from './proposals.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const TEMPERATURE = 0.7;
const K = 16;
const STATES = 4000;

/** Two modes in every dimension, one of them near the boundary. */
const reward = (a: number) =>
  TEMPERATURE * Math.log(Math.exp(-40 * (a - 0.9) ** 2) + 0.5 * Math.exp(-30 * (a + 0.3) ** 2));

/** The integral of f(a) over [-1, 1] by the midpoint rule. */
function integral(f: (a: number) => number, points = 20_000): number {
  let sum = 0;
  for (let i = 0; i < points; i++) sum += f(-1 + (2 * (i + 0.5)) / points) * (2 / points);
  return sum;
}
const massOfOne = integral((a) => Math.exp(reward(a) / TEMPERATURE));

/** The soft value of each state, for a Q that is the sum of `ofEntry` over an action's entries. */
function softValues(
  propose: () => Proposals,
  ofEntry: (a: number) => number,
  { size, perState = K, temperature }: { size: number; perState?: number; temperature: number },
): Float64Array {
  const values = tf.tidy(() => {
    const { actions, logDensities } = propose();
    const entries = readTensor(actions);
    const ofActions = Float32Array.from({ length: logDensities.size }, (_, row) => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += ofEntry(entries[row * size + i]!);
      return sum;
    });
    const columns = tensorOf<tf.Rank.R2>(ofActions, [ofActions.length, 1]);
    return readTensor(importanceSoftValue({ values: columns, logDensities, perState, temperature }));
  });
  return Float64Array.from(values);
}

/** exp(V / temperature) of each of STATES estimates, divided by the true value. */
function relativeMasses(propose: () => Proposals, size: number): Float64Array {
  return softValues(propose, reward, { size, temperature: TEMPERATURE }).map(
    (v) => Math.exp(v / TEMPERATURE) / massOfOne ** size,
  );
}

const uniformOf = (size: number) => () =>
  uniformProposals({ states: STATES, perState: K, size }, Rng.fromSeed(1));

const uniform = (size: number) => relativeMasses(uniformOf(size), size);

const drawsPerState = K / 2;

/** Proposals for a policy of which each entry of a draw, before squashing, is what `draw` returns. */
const policyOf = (size: number, draw: (rng: Rng) => number) => () => {
  const rng = Rng.fromSeed(2);
  const draws = Float32Array.from({ length: STATES * drawsPerState * size }, () => draw(rng));
  return policyProposals(tensorOf<tf.Rank.R3>(draws, [STATES, drawsPerState, size]), K, rng);
};

/** Proposals from a policy that knows the modes: draws near atanh of them. */
function fromPolicy(size: number, modes = [1.4, -0.3]): Float64Array {
  const draw = (rng: Rng) => rng.normal(modes[rng.uniform() < 0.66 ? 0 : 1], 0.3);
  return relativeMasses(policyOf(size, draw), size);
}

const mean = (x: Float64Array) => x.reduce((sum, value) => sum + value, 0) / x.length;
const variance = (x: Float64Array) => {
  const center = mean(x);
  return mean(x.map((value) => (value - center) ** 2));
};

/** Expects a mean of 1 within four standard errors. */
function expectUnbiased(masses: Float64Array): void {
  const standardError = Math.sqrt(variance(masses) / masses.length);
  expect(standardError).toBeLessThan(0.1);
  expect(Math.abs(mean(masses) - 1)).toBeLessThan(4 * standardError);
}

it.each([1, 2, 4])(
  'the cube in %i dimensions has the right volume: a Q of 0 is worth temperature d log 2',
  (size) => {
    const propose = () => uniformProposals({ states: 1, perState: K, size }, Rng.fromSeed(1));
    const [value] = softValues(propose, () => 0, { size, temperature: TEMPERATURE });
    expect(value).toBeCloseTo(TEMPERATURE * size * Math.LN2, 5);
  },
);

describe('with uniform proposals', () => {
  it('exp(V / temperature) is unbiased against quadrature', () => {
    expectUnbiased(uniform(1));
  });

  it('its variance grows with the dimension as the integrals say', () => {
    // Relative variance of one weight w: E[w^2] / E[w]^2 - 1, where both factorize over dimensions.
    const ratio = (2 * integral((a) => Math.exp((2 * reward(a)) / TEMPERATURE))) / massOfOne ** 2;
    for (const size of [1, 2, 3]) {
      const exact = (ratio ** size - 1) / K;
      expect(Math.abs(variance(uniform(size)) / exact - 1)).toBeLessThan(0.3);
    }
  });

  it('V itself is too low on average', () => {
    expect(mean(uniform(2).map(Math.log))).toBeLessThan(-0.1);
  });
});

describe('with proposals from the policy', () => {
  it.each([1, 3])('exp(V / temperature) is unbiased in %i dimensions', (size) => {
    expectUnbiased(fromPolicy(size));
  });

  it('exp(V / temperature) is unbiased for a policy that misses a mode', () => {
    expectUnbiased(fromPolicy(1, [1.4, 1.4]));
  });

  it('exp(V / temperature) is unbiased for a policy at the edge of the cube', () => {
    expectUnbiased(fromPolicy(1, [12, -30]));
  });

  it('its variance stays small in dimensions where uniform proposals explode', () => {
    // A policy with a normal density around 0.3, standard deviation 0.1. These are the numbers in the README.
    const expected = [
      { size: 1, policySpread: 0.03, policyBias: -0.02, cubeBias: -0.2 },
      { size: 2, policySpread: 0.1, policyBias: -0.05, cubeBias: -2 },
      { size: 3, policySpread: 0.4, policyBias: -0.1, cubeBias: -7 },
      { size: 4, policySpread: 1.3, policyBias: -0.2, cubeBias: -14 },
    ];
    // For uniform proposals: E[w^2] / E[w]^2 in one dimension, with weights w = 2 exp(-50 (a - 0.3)^2).
    const ratio = (2 * Math.sqrt(Math.PI / 100)) / (Math.PI / 50);
    const quality = (size: number, propose: () => Proposals) => {
      const exact = size * Math.log(0.1 * Math.sqrt(2 * Math.PI));
      const values = softValues(propose, (a) => -50 * (a - 0.3) ** 2, { size, temperature: 1 });
      const errors = values.map((v) => v - exact);
      return { spread: variance(errors.map(Math.exp)), bias: mean(errors) };
    };
    const normalDraw = (rng: Rng) => Math.atanh(Math.min(rng.normal(0.3, 0.1), 0.99));
    for (const { size, policySpread, policyBias, cubeBias } of expected) {
      const [policy, cube] = [policyOf(size, normalDraw), uniformOf(size)].map((each) => quality(size, each));
      expect(Math.abs(policy!.spread / policySpread - 1)).toBeLessThan(0.15);
      expect(Math.abs(policy!.bias / policyBias - 1)).toBeLessThan(0.15);
      expect(Math.abs(cube!.bias / cubeBias - 1)).toBeLessThan(0.15);
      // 4000 estimates are too few for the variance of 63 in four dimensions: they have 86.
      if (size < 4) expect(Math.abs(cube!.spread / ((ratio ** size - 1) / K) - 1)).toBeLessThan(0.1);
    }
  });

  it('all actions lie in the cube and densities integrate to 1', () => {
    const rng = Rng.fromSeed(3);
    const draws = Float32Array.of(3, -3, 0.2, 50);
    // With Q = 0, exp(V) is the volume, 2.
    const repeated = Float32Array.from({ length: 3000 * 4 }, (_, i) => draws[i % 4]!);
    const propose = () => policyProposals(tensorOf<tf.Rank.R3>(repeated, [3000, 4, 1]), 8, rng);
    const actions = tf.tidy(() => readTensor(propose().actions));
    for (const action of actions) expect(Math.abs(action)).toBeLessThanOrEqual(1);
    const volumes = softValues(propose, () => 0, { size: 1, perState: 8, temperature: 1 }).map(Math.exp);
    expect(Math.abs(mean(volumes) - 2)).toBeLessThan(4 * Math.sqrt(variance(volumes) / volumes.length));
  });
});
