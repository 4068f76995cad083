import { sparseRowsOf, type TabularMdp } from '@maxent/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ControlInference } from './control-options.js';
import { inferControl } from './infer-control.js';
import { expectedReturn } from './policy-evaluation.js';
import { optimism } from './posterior-dynamics.js';
import { softPolicyIteration } from './soft-policy-iteration.js';
import { solveTabular } from './solve-tabular.js';
import { randomMdp, randomPrior, real } from './test-support/random-mdp.js';
import { forest, lottery } from './test-support/worlds.js';
import { variationalBound } from './variational-bound.js';

const inferences: readonly ControlInference[] = ['exact', 'variational', 'hard'];

function expectAllClose(actual: Float64Array, expected: ArrayLike<number>, tolerance: number) {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    if (value === expected[i]) return;
    const allowed = tolerance * Math.max(1, Math.abs(expected[i]!));
    expect(Math.abs(value - expected[i]!), `entry ${i}: ${value} for ${expected[i]}`).toBeLessThanOrEqual(
      allowed,
    );
  });
}

const cases = randomMdp({ maxSize: 5, ending: true }).chain((mdp) =>
  fc.record({
    mdp: fc.constant(mdp),
    horizon: fc.integer({ min: 1, max: 8 }),
    temperature: real(0.2, 5),
    actionPrior: randomPrior(mdp),
  }),
);

describe('finite horizon', () => {
  it('is never less hopeful with the exact posterior than with the true dynamics (Jensen)', () => {
    fc.assert(
      fc.property(cases, ({ mdp, ...options }) => {
        const exact = inferControl(mdp, { ...options, inference: 'exact' });
        const variational = inferControl(mdp, { ...options, inference: 'variational' });
        exact.V.forEach((value, i) => {
          expect(value).toBeGreaterThanOrEqual(variational.V[i]! - 1e-12 * Math.max(1, Math.abs(value)));
        });
      }),
    );
  });

  it('gives both the same answer where nothing is left to chance', () => {
    const certain = randomMdp({ maxSize: 5, deterministic: true, ending: true }).chain((mdp) =>
      fc.record({ mdp: fc.constant(mdp), actionPrior: randomPrior(mdp), temperature: real(0.2, 5) }),
    );
    fc.assert(
      fc.property(certain, ({ mdp, ...options }) => {
        const exact = inferControl(mdp, { ...options, horizon: 6, inference: 'exact' });
        const variational = inferControl(mdp, { ...options, horizon: 6, inference: 'variational' });
        expectAllClose(exact.V, variational.V, 1e-12);
        expectAllClose(exact.policy, variational.policy, 1e-11);
        const { valueGap, dynamicsDivergence } = optimism(mdp, { ...options, horizon: 6 });
        expectAllClose(valueGap, new Float64Array(valueGap.length), 1e-12);
        expect(dynamicsDivergence.every((value) => value === 0)).toBe(true);
      }),
    );
  });

  it('is more hopeful just where values differ by chance', () => {
    const { valueGap, dynamicsDivergence } = optimism(lottery, { horizon: 2, actionPrior: 'uniform' });
    expect(Array.from(valueGap, (gap) => gap > 0)).toEqual(Array.from(valueGap, (_, i) => i === 0));
    expect(Array.from(dynamicsDivergence, (nats) => nats > 0)).toEqual(
      Array.from(dynamicsDivergence, (_, i) => i === 0),
    );
    expect(valueGap[0]).toBeCloseTo(2.22243726 - 0.7809298, 7);
  });

  it('has rows of probabilities and marginals that sum to 1', () => {
    fc.assert(
      fc.property(cases, fc.constantFrom(...inferences), ({ mdp, ...options }, inference) => {
        const { policy, stateMarginals } = inferControl(mdp, { ...options, inference });
        for (const [values, size] of [
          [policy, mdp.actionCount],
          [stateMarginals!, mdp.stateCount],
        ] as const) {
          for (let start = 0; start < values.length; start += size) {
            const row = values.subarray(start, start + size);
            expect(Math.abs(row.reduce((sum, value) => sum + value, 0) - 1)).toBeLessThan(1e-12);
            expect(row.every((value) => value >= 0)).toBe(true);
          }
        }
      }),
    );
  });

  it('has an evidence that exceeds the bound of its policy by their divergence', () => {
    fc.assert(
      fc.property(cases, ({ mdp, ...options }) => {
        const { evidence, policy } = inferControl(mdp, { ...options, inference: 'variational' });
        const { kl } = variationalBound(mdp, policy, options);
        expect(Math.abs(evidence!.logEvidence - evidence!.elbo - kl!)).toBeLessThan(1e-10);
        expect(kl).toBeGreaterThanOrEqual(-1e-12);
      }),
    );
  });

  it('shifts V by (T - t) c for a reward shift c, and leaves the policy', () => {
    const endless = randomMdp({ maxSize: 5 });
    fc.assert(
      fc.property(endless, real(-50, 50), fc.constantFrom(...inferences), (mdp, shift, inference) => {
        const horizon = 6;
        const before = inferControl(mdp, { inference, horizon });
        const after = inferControl(
          { ...mdp, reward: mdp.reward.map((r) => r + shift) },
          { inference, horizon },
        );
        const expected = before.V.map(
          (value, i) => value + (horizon - Math.floor(i / mdp.stateCount)) * shift,
        );
        expectAllClose(after.V, expected, 1e-12);
        // Two nearly equal actions may change places when their rewards are rounded anew.
        if (inference !== 'hard') expectAllClose(after.policy, before.policy, 1e-10);
      }),
    );
  });

  it('scales with reward and temperature together', () => {
    fc.assert(
      fc.property(
        cases,
        real(0.1, 10),
        fc.constantFrom(...inferences),
        ({ mdp, ...options }, scale, inference) => {
          const before = inferControl(mdp, { ...options, inference });
          const after = inferControl(
            { ...mdp, reward: mdp.reward.map((r) => r * scale) },
            { ...options, inference, temperature: options.temperature * scale },
          );
          expectAllClose(
            after.V,
            before.V.map((value) => value * scale),
            1e-11,
          );
          if (inference !== 'hard') expectAllClose(after.policy, before.policy, 1e-10);
        },
      ),
    );
  });

  it('shifts V by (T - t) temperature log A from the uniform prior to none', () => {
    const endless = randomMdp({ maxSize: 5 });
    fc.assert(
      fc.property(
        endless,
        real(0.2, 5),
        fc.constantFrom<ControlInference>('exact', 'variational'),
        (mdp, temperature, inference) => {
          const horizon = 6;
          const uniform = inferControl(mdp, { inference, horizon, temperature, actionPrior: 'uniform' });
          const none = inferControl(mdp, { inference, horizon, temperature });
          const each = temperature * Math.log(mdp.actionCount);
          expectAllClose(
            none.V,
            uniform.V.map((value, i) => value + (horizon - Math.floor(i / mdp.stateCount)) * each),
            1e-12,
          );
          expectAllClose(none.policy, uniform.policy, 1e-11);
        },
      ),
    );
  });
});

describe('temperature', () => {
  it('near 0 meets hard value iteration', () => {
    fc.assert(
      fc.property(
        cases,
        fc.constantFrom<ControlInference>('exact', 'variational'),
        ({ mdp, horizon }, inference) => {
          const hard = inferControl(mdp, { inference: 'hard', horizon });
          const temperature = 1e-7;
          // Jensen's gap of `exact` does not vanish with the temperature: it then bets on the best successor.
          const certain = inference === 'variational';
          const soft = inferControl(mdp, { inference, horizon, temperature });
          soft.V.forEach((value, i) => {
            expect(value).toBeGreaterThanOrEqual(hard.V[i]! - 1e-5);
            if (certain) expect(value).toBeLessThanOrEqual(hard.V[i]! + 1e-5);
          });
        },
      ),
    );
  });

  it('near infinity meets the prior', () => {
    fc.assert(
      fc.property(cases, fc.constantFrom<ControlInference>('exact', 'variational'), (drawn, inference) => {
        const { mdp, horizon, actionPrior } = drawn;
        const { policy } = inferControl(mdp, { inference, horizon, actionPrior, temperature: 1e9 });
        const rows = mdp.stateCount * mdp.actionCount;
        // With `none`, states that soon end are worth less entropy: only the last choice meets the uniform policy.
        const from = actionPrior === 'none' ? (horizon - 1) * rows : 0;
        for (let i = from; i < policy.length; i++) {
          const prior = typeof actionPrior === 'string' ? 1 / mdp.actionCount : actionPrior[i % rows]!;
          expect(Math.abs(policy[i]! - prior)).toBeLessThan(1e-6);
        }
      }),
    );
  });
});

describe('long horizons', () => {
  it.each(inferences)('of 100,000 steps with rewards of ±1e4 stay finite and exact (%s)', (inference) => {
    const horizon = 100_000;
    const base = forest(4);
    const mdp: TabularMdp = {
      ...base,
      reward: Float64Array.of(1e4, -1e4, -1e4, 1e4, 5e3, 9999, 1e4, 0),
    };
    const { V, Q, policy, stateMarginals, evidence } = inferControl(mdp, { inference, horizon });
    for (const values of [V, Q, policy, stateMarginals!]) expect(values.every(Number.isFinite)).toBe(true);
    if (evidence !== null) {
      expect(Object.values(evidence).every(Number.isFinite)).toBe(true);
      expect(evidence.kl! / evidence.logEvidence).toBeLessThan(1);
    }
    // Differences between states and the policy settle long before: those of the first step are those of step 50,000.
    const early = policy.subarray(0, 8);
    const middle = policy.subarray(8 * 50_000, 8 * 50_001);
    expectAllClose(early, middle, 1e-9);
    // The mean gain per step is the one that a short horizon shows.
    const perStep = (V[4 * 1000]! - V[4 * 2000]!) / 1000;
    expect(Math.abs((V[0]! - V[4 * 90_000]!) / 90_000 / perStep - 1)).toBeLessThan(1e-12);
  });

  it('tend to the infinite one', () => {
    const worlds = randomMdp({ maxSize: 5, ending: true }).chain((mdp) =>
      fc.record({ mdp: fc.constant(mdp), temperature: real(0.2, 5), actionPrior: randomPrior(mdp) }),
    );
    fc.assert(
      fc.property(
        worlds,
        real(0.5, 0.95),
        fc.constantFrom<ControlInference>('variational', 'hard'),
        (drawn, discount, inference) => {
          const { mdp, ...rest } = drawn;
          const options = { ...rest, discount, inference };
          const long = inferControl(mdp, { ...options, horizon: 800 });
          const infinite = inferControl(mdp, { ...options, horizon: null });
          expectAllClose(infinite.V, long.V.slice(0, mdp.stateCount), 1e-11);
          if (inference !== 'hard')
            expectAllClose(infinite.policy, long.policy.slice(0, mdp.reward.length), 1e-9);
          const { V, iterations } = solveTabular(mdp, options);
          expect(V).toEqual(infinite.V);
          expect(iterations).toBe(infinite.fixedPoint!.iterations);
        },
      ),
    );
  });
});

describe('a discount read as termination', () => {
  /** The process with an end, the last state, that every step of every action meets with probability 1 - discount. */
  function withEnd(mdp: TabularMdp, discount: number): TabularMdp {
    const { stateCount, actionCount, transition } = mdp;
    const states = stateCount + 1;
    const dense = new Float64Array(states * actionCount * states);
    for (let row = 0; row < stateCount * actionCount; row++) {
      for (let i = transition.rowOffsets[row]!; i < transition.rowOffsets[row + 1]!; i++) {
        dense[row * states + transition.columns[i]!] = discount * transition.values[i]!;
      }
      dense[row * states + stateCount] = 1 - discount;
    }
    for (let action = 0; action < actionCount; action++) {
      dense[(stateCount * actionCount + action) * states + stateCount] = 1;
    }
    const longer = <T extends Float64Array | Uint8Array>(out: T, values: ArrayLike<number>) => {
      out.set(values);
      return out;
    };
    return {
      stateCount: states,
      actionCount,
      transition: sparseRowsOf(dense, states * actionCount, states),
      reward: longer(new Float64Array(states * actionCount), mdp.reward),
      initial: longer(new Float64Array(states), mdp.initial),
      terminal: longer(new Uint8Array(states).fill(1), mdp.terminal),
    };
  }

  const worlds = randomMdp({ maxSize: 4, ending: true, highestReward: -0.5 }).chain((mdp) =>
    fc.record({
      mdp: fc.constant(mdp),
      temperature: real(0.2, 3),
      discount: real(0.3, 0.95),
      actionPrior: fc.constant<'uniform'>('uniform'),
    }),
  );

  it.each(inferences)('is the augmented process with discount 1 (%s)', (inference) => {
    fc.assert(
      fc.property(worlds, ({ mdp, discount, temperature, actionPrior }) => {
        const options = { inference, temperature, actionPrior };
        const augmented = withEnd(mdp, discount);
        const states = mdp.stateCount;
        for (const horizon of [5, null]) {
          const ending = inferControl(mdp, { ...options, horizon, discount, discountAs: 'termination' });
          const explicit = inferControl(augmented, { ...options, horizon });
          const steps = horizon === null ? 1 : horizon + 1;
          for (let t = 0; t < steps; t++) {
            expectAllClose(
              ending.V.subarray(t * states, (t + 1) * states),
              explicit.V.subarray(t * (states + 1), t * (states + 1) + states),
              1e-11,
            );
          }
        }
      }),
    );
  });
});

describe('soft policy iteration', () => {
  it('meets value iteration', () => {
    const worlds = randomMdp({ maxSize: 5, ending: true }).chain((mdp) =>
      fc.record({
        mdp: fc.constant(mdp),
        temperature: fc.oneof(fc.constant(0), real(0.2, 5)),
        actionPrior: randomPrior(mdp),
        discount: real(0.5, 0.999),
      }),
    );
    fc.assert(
      fc.property(worlds, ({ mdp, temperature, ...options }) => {
        const policyIteration = softPolicyIteration(mdp, { ...options, temperature });
        const valueIteration = solveTabular(
          mdp,
          temperature === 0
            ? { ...options, inference: 'hard' }
            : { ...options, temperature, inference: 'variational' },
        );
        expectAllClose(policyIteration.V, valueIteration.V, 1e-10);
      }),
    );
  });
});

describe('the return that optimism really brings', () => {
  it('is less than the variational one promises for the lottery', () => {
    const policyOf = (inference: ControlInference) =>
      inferControl(lottery, { inference, horizon: 2, actionPrior: 'uniform' }).policy;
    const value = (inference: ControlInference) =>
      expectedReturn(lottery, policyOf(inference), { horizon: 2 });
    // Safe pays 1, the gamble 0.5 on average.
    expect(value('variational')).toBeCloseTo(1 - 0.5 * 0.37754067, 8);
    expect(value('exact')).toBeCloseTo(1 - 0.5 * 0.85274425, 8);
    expect(value('hard')).toBe(1);
  });
});
