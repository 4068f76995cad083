import { Rng } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { type Proposals, policyProposals, uniformProposals } from './proposals.js';
import { estimateSoftValues } from './soft-value.js';

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

/** exp(V / temperature) of each of STATES estimates, divided by the true value. */
function relativeMasses({ actions, logDensities }: Proposals, size: number): Float64Array {
  const values = Float64Array.from(logDensities, (_, row) => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += reward(actions[row * size + i]!);
    return sum;
  });
  return estimateSoftValues(values, logDensities, K, TEMPERATURE).map(
    (v) => Math.exp(v / TEMPERATURE) / massOfOne ** size,
  );
}

const uniform = (size: number) => relativeMasses(uniformProposals(STATES * K, size, Rng.fromSeed(1)), size);

/** Proposals from a policy that knows the modes: draws near atanh of them. */
function fromPolicy(size: number, modes = [1.4, -0.3]): Float64Array {
  const rng = Rng.fromSeed(2);
  const drawsPerState = K / 2;
  const draws = Float32Array.from({ length: STATES * drawsPerState * size }, () =>
    rng.normal(modes[rng.uniform() < 0.66 ? 0 : 1], 0.3),
  );
  return relativeMasses(policyProposals(draws, { drawsPerState, perState: K, size }, rng), size);
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

describe('estimateSoftValues', () => {
  it('is the log-mean-exp of weights computed by hand', () => {
    const [a, b] = [Math.exp(1 / 2) / 0.5, Math.exp(-3 / 2) / 0.25];
    const [first, second] = estimateSoftValues(
      [1, -3, 500, 500],
      [Math.log(0.5), Math.log(0.25), -Math.LN2, -Math.LN2],
      2,
      2,
    );
    expect(first).toBeCloseTo(2 * Math.log((a + b) / 2), 10);
    // A constant Q over an interval of length 2, too large for exp.
    expect(second).toBeCloseTo(500 + 2 * Math.LN2, 10);
  });

  it.each([1, 2, 4])(
    'has the right volume in %i dimensions: a Q of 0 is worth temperature d log 2',
    (size) => {
      const { logDensities } = uniformProposals(K, size, Rng.fromSeed(1));
      const [value] = estimateSoftValues(new Float64Array(K), logDensities, K, TEMPERATURE);
      expect(value).toBeCloseTo(TEMPERATURE * size * Math.LN2, 6);
    },
  );
});

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
      { size: 1, policySpread: 0.03, policyBias: -0.01, cubeBias: -0.2 },
      { size: 2, policySpread: 0.1, policyBias: -0.03, cubeBias: -2 },
      { size: 3, policySpread: 0.5, policyBias: -0.1, cubeBias: -7 },
      { size: 4, policySpread: 1.3, policyBias: -0.2, cubeBias: -14 },
    ];
    // For uniform proposals: E[w^2] / E[w]^2 in one dimension, with weights w = 2 exp(-50 (a - 0.3)^2).
    const ratio = (2 * Math.sqrt(Math.PI / 100)) / (Math.PI / 50);
    const quality = (size: number, propose: (size: number) => Proposals) => {
      const { actions, logDensities } = propose(size);
      const values = Float64Array.from(logDensities, (_, row) => {
        let sum = 0;
        for (let i = 0; i < size; i++) sum -= 50 * (actions[row * size + i]! - 0.3) ** 2;
        return sum;
      });
      const exact = size * Math.log(0.1 * Math.sqrt(2 * Math.PI));
      const errors = estimateSoftValues(values, logDensities, K, 1).map((v) => v - exact);
      return { spread: variance(errors.map(Math.exp)), bias: mean(errors) };
    };
    const fromNormal = (size: number) => {
      const rng = Rng.fromSeed(2);
      const draws = Float32Array.from({ length: (STATES * K * size) / 2 }, () =>
        Math.atanh(Math.min(rng.normal(0.3, 0.1), 0.99)),
      );
      return policyProposals(draws, { drawsPerState: K / 2, perState: K, size }, rng);
    };
    const fromCube = (size: number) => uniformProposals(STATES * K, size, Rng.fromSeed(1));
    for (const { size, policySpread, policyBias, cubeBias } of expected) {
      const [policy, cube] = [quality(size, fromNormal), quality(size, fromCube)];
      expect(Math.abs(policy.spread / policySpread - 1)).toBeLessThan(0.15);
      expect(Math.abs(policy.bias / policyBias - 1)).toBeLessThan(0.15);
      expect(Math.abs(cube.bias / cubeBias - 1)).toBeLessThan(0.15);
      // 4000 estimates are too few for the variance of 63 in four dimensions: they have 86.
      if (size < 4) expect(Math.abs(cube.spread / ((ratio ** size - 1) / K) - 1)).toBeLessThan(0.1);
    }
  });

  it('all actions lie in the cube and densities integrate to 1', () => {
    const rng = Rng.fromSeed(3);
    const draws = Float32Array.of(3, -3, 0.2, 50);
    const options = { drawsPerState: 4, perState: 8, size: 1 };
    // With Q = 0, exp(V) is the volume, 2.
    const volumes = Float64Array.from({ length: 3000 }, () => {
      const { actions, logDensities } = policyProposals(draws, options, rng);
      for (const action of actions) expect(Math.abs(action)).toBeLessThanOrEqual(1);
      return Math.exp(estimateSoftValues(new Float64Array(8), logDensities, 8, 1)[0]!);
    });
    expect(Math.abs(mean(volumes) - 2)).toBeLessThan(4 * Math.sqrt(variance(volumes) / volumes.length));
  });
});
