import type { TabularMdp } from '@maxent/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scaledInteger, solveExactly } from '../numerics/test-support/exact-solve.js';
import { solveAverageReward } from './average-reward.js';
import { evaluatePolicy } from './policy-evaluation.js';
import { softPolicyIteration } from './soft-policy-iteration.js';
import { solveTabular } from './solve-tabular.js';
import { discountedOccupancy } from './state-marginals.js';
import { mdpOf } from './test-support/worlds.js';

const DISCOUNTS = [0.9, 0.999, 0.999999, 1 - 1e-9, 1 - 1e-12];
const SCALES = [1e-290, 1e-9, 1, 1e9, 1e290];

/** Shares of 2^-bits that sum to 1, so that doubles hold them without rounding. */
function shares(size: number): fc.Arbitrary<number[]> {
  return fc.oneof(
    // Well mixed.
    fc
      .array(fc.nat(16), { minLength: size - 1, maxLength: size - 1 })
      .map((cuts) => [0, ...cuts.sort((a, b) => a - b), 16])
      .map((cuts) => cuts.slice(1).map((cut, i) => (cut - cuts[i]!) / 16)),
    // One way only, as in a periodic chain.
    fc.nat(size - 1).map((chosen) => Array.from({ length: size }, (_, i) => Number(i === chosen))),
    // Hardly ever another way, as in a nearly uncoupled chain.
    fc
      .tuple(fc.nat(size - 1), fc.nat(size - 1), fc.integer({ min: 20, max: 45 }))
      .map(([usual, rare, bits]) =>
        Array.from(
          { length: size },
          (_, i) => (i === usual ? 1 - 2 ** -bits : 0) + (i === rare ? 2 ** -bits : 0),
        ),
      ),
  );
}

const table = <T>(row: fc.Arbitrary<T>, length: number) =>
  fc.array(row, { minLength: length, maxLength: length });

const chains = fc.integer({ min: 1, max: 5 }).chain((size) =>
  fc.record({
    transition: table(shares(size), size),
    reward: table(fc.integer({ min: -9, max: 9 }), size),
    discount: fc.constantFrom(...DISCOUNTS),
    scale: fc.constantFrom(...SCALES),
  }),
);

/** 2^2400 (I - discount P), of which every entry is an integer. */
function systemOf(transition: readonly (readonly number[])[], discount: number): bigint[][] {
  const one = scaledInteger(1);
  return transition.map((row, i) =>
    row.map((p, j) => (i === j ? one * one : 0n) - scaledInteger(discount) * scaledInteger(p)),
  );
}

const transposed = <T>(rows: readonly (readonly T[])[]): T[][] =>
  rows[0]!.map((_, j) => rows.map((row) => row[j]!));

function expectWithin(
  actual: ArrayLike<number>,
  expected: readonly number[],
  sizes: readonly number[],
): void {
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i]! - value), `${actual[i]} for ${value}`).toBeLessThanOrEqual(2e-14 * sizes[i]!);
  });
}

describe('with a discount close to 1', () => {
  it('values of a policy equal those of rational arithmetic, at any scale of the rewards', () => {
    fc.assert(
      fc.property(chains, ({ transition, reward, discount, scale }) => {
        const rewards = reward.map((value) => value * scale);
        const system = systemOf(transition, discount);
        const one = scaledInteger(1);
        const right = rewards.map((value) => scaledInteger(value) * one);
        const exact = solveExactly(system, right);
        // What the rewards are worth without their signs is what rounding is relative to.
        const sizes = solveExactly(
          system,
          right.map((value) => (value < 0n ? -value : value)),
        );
        const mdp = mdpOf(
          transition.map((row) => [row]),
          rewards.map((value) => [value]),
        );
        const policy = new Float64Array(rewards.length).fill(1);
        const { V } = evaluatePolicy(mdp, policy, { horizon: null, discount, temperature: 0 });
        expectWithin(V, exact, sizes);
        // The tolerance of a fixed point is 1e-13 of the largest value.
        const settled = sizes.map(() => 5 * Math.max(...sizes));
        expectWithin(solveTabular(mdp, { inference: 'hard', discount }).V, exact, settled);
        const soft = { discount, temperature: scale };
        expectWithin(
          solveTabular(mdp, { inference: 'variational', ...soft }).V,
          exact,
          settled.map((size) => size + scale / (1 - discount)),
        );
        expectWithin(softPolicyIteration(mdp, { ...soft, temperature: 0 }).V, exact, sizes);
      }),
    );
  });

  it('shares of visits equal those of rational arithmetic, each to its own precision', () => {
    fc.assert(
      fc.property(chains, ({ transition, reward, discount }) => {
        const start = reward.map((value) => Math.abs(value) + 1);
        const total = start.reduce((sum, value) => sum + value, 0);
        const visits = solveExactly(
          transposed(systemOf(transition, discount)),
          start.map((value) => BigInt(value) * scaledInteger(1) * scaledInteger(1 - discount)),
        );
        const expected = visits.map((value) => value / total);
        const mdp = mdpOf(
          transition.map((row) => [row]),
          start.map((value) => [value]),
          { initial: start.map((value) => value / total) },
        );
        const occupancy = discountedOccupancy(
          mdp,
          { V: Float64Array.from(start), policy: new Float64Array(start.length).fill(1) },
          { inference: 'hard', discount },
        );
        expectWithin(occupancy!, expected, expected);
      }),
    );
  });

  it.each([200, 4000])('a ring of %i states has the values of its closed form', (size) => {
    const mdp = ring(size);
    for (const discount of [0.9, 0.999, 1 - 1e-6, 1 - 1e-12]) {
      if (size > 2048 && discount > 0.9) continue;
      const { V } = evaluatePolicy(mdp, new Float64Array(size).fill(1), {
        horizon: null,
        discount,
        temperature: 0,
      });
      const logDiscount = Math.log1p(discount - 1);
      for (const state of [0, 1, size >> 1, size - 1]) {
        // The next visit to the last state, which pays 1, is size - 1 - state steps away.
        const expected = Math.exp((size - 1 - state) * logDiscount) / -Math.expm1(size * logDiscount);
        expect(Math.abs(V[state]! - expected)).toBeLessThan(1e-12 * V[size - 1]!);
      }
    }
  });

  it('says that values are too large for a number, and not that they are forbidden', () => {
    for (const reward of [1e300, -1e300]) {
      const mdp = mdpOf([[[1]]], [[reward]]);
      const options = { discount: 1 - 1e-12 };
      const message = /^reward: the value of state 0 is beyond 1.8e308/;
      expect(() => evaluatePolicy(mdp, Float64Array.of(1), { ...options, horizon: null })).toThrow(message);
      expect(() => solveTabular(mdp, { ...options, inference: 'hard' })).toThrow(message);
      expect(() => softPolicyIteration(mdp, options)).toThrow(message);
    }
  });
});

describe('units of reward', () => {
  it('multiply values, averages and nothing else', () => {
    const mdp = mdpOf(
      [
        [
          [0.5, 0.5],
          [0, 1],
        ],
        [
          [0.75, 0.25],
          [0.125, 0.875],
        ],
      ],
      [
        [-5, -10],
        [-1, -2],
      ],
    );
    for (const scale of [2 ** -900, 2 ** -60, 2 ** 60, 2 ** 900]) {
      const scaled = { ...mdp, reward: mdp.reward.map((reward) => reward * scale) };
      for (const inference of ['hard', 'variational', 'exact'] as const) {
        const options = (temperature: number) => ({
          inference,
          temperature,
          discountAs: 'termination' as const,
        });
        const one = solveTabular(mdp, { ...options(1), discount: 0.9 });
        const other = solveTabular(scaled, { ...options(scale), discount: 0.9 });
        expect([...other.V].map((value) => value / scale)).toEqual(
          [...one.V].map((value) => expect.closeTo(value, 12)),
        );
        const average = solveAverageReward(mdp, options(1));
        const scaledAverage = solveAverageReward(scaled, options(scale));
        expect(scaledAverage.averageReward / scale).toBeCloseTo(average.averageReward, 11);
        expect(scaledAverage.iterations).toBe(average.iterations);
      }
    }
  });
});

describe('the average reward', () => {
  it.each([1e-3, 1e-6, 1e-9, 1e-12])('is found where groups of states hardly touch, %d a step', (touch) => {
    // Two states each; the first of a group leaves it with probability `touch`, half as often from the other side.
    const rows = [
      [0.5 - touch, 0.5, touch, 0],
      [0.75, 0.25, 0, 0],
      [touch / 2, 0, 0.5 - touch / 2, 0.5],
      [0, 0, 0.75, 0.25],
    ];
    // Within a group the shares are 3 to 2; of the groups 1 to 2.
    const expected = ((3 * 1 + 2 * 2) / 5 + (2 * (3 * 4 - 2 * 1)) / 5) / 3;
    for (const scale of [1e-200, 1, 1e200]) {
      const mdp = mdpOf(
        rows.map((row) => [row]),
        [[scale], [2 * scale], [4 * scale], [-scale]],
      );
      for (const inference of ['hard', 'variational'] as const) {
        const { averageReward, iterations } = solveAverageReward(mdp, { inference, temperature: scale });
        expect(Math.abs(averageReward / scale - expected)).toBeLessThan(1e-12);
        expect(iterations).toBeLessThan(1000);
      }
    }
  });
});

/** Each state leads to the next and the last to the first; the last pays 1. */
function ring(size: number): TabularMdp {
  const states = Array.from({ length: size }, (_, i) => i);
  return {
    stateCount: size,
    actionCount: 1,
    transition: {
      rowCount: size,
      columnCount: size,
      rowOffsets: Uint32Array.from({ length: size + 1 }, (_, i) => i),
      columns: Uint32Array.from(states, (i) => (i + 1) % size),
      values: new Float64Array(size).fill(1),
    },
    reward: Float64Array.from(states, (i) => Number(i === size - 1)),
    initial: Float64Array.from(states, (i) => Number(i === 0)),
    terminal: new Uint8Array(size),
  };
}

it('soft policy iteration refuses discounts whose values have no digits left for actions', () => {
  const mdp = mdpOf(
    [
      [
        [0.9, 0.1],
        [0.1, 0.9],
      ],
      [
        [0.9, 0.1],
        [0.1, 0.9],
      ],
    ],
    [
      [0, -0.1],
      [1, 1.05],
    ],
  );
  for (const temperature of [0, 0.01, 1]) {
    const inference = temperature === 0 ? 'hard' : 'variational';
    for (const discount of [0.999999, 1 - 1e-12]) {
      const { policy } = softPolicyIteration(mdp, { discount, temperature });
      const exact = solveTabular(mdp, {
        discount,
        inference,
        ...(temperature && { temperature }),
      });
      const errors = policy.map((share, i) => Math.abs(share - exact.policy[i]!));
      expect(Math.max(...errors)).toBeLessThan(1e-3);
    }
    for (const discount of [1 - 1e-14, 1 - 2 ** -53]) {
      expect(() => softPolicyIteration(mdp, { discount, temperature })).toThrow(
        /^discount: 0\.99.* close to 1 .* use solveTabular, or a smaller discount/,
      );
    }
  }
});
