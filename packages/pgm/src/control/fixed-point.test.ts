import { InvalidInputError, type TabularMdp } from '@maxent/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ControlInference } from './control-options.js';
import { inferControl } from './infer-control.js';
import { solveTabular } from './solve-tabular.js';
import { randomMdp, real } from './test-support/random-mdp.js';
import { forest, lottery, mdpOf } from './test-support/worlds.js';

const inferences: readonly ControlInference[] = ['exact', 'variational', 'hard'];

/** Staying costs something, leaving is free and ends. */
const stayOrLeave = (stay: number) =>
  mdpOf(
    [
      [
        [1, 0],
        [0, 1],
      ],
      [
        [0, 1],
        [0, 1],
      ],
    ],
    [
      [stay, 0],
      [0, 0],
    ],
    { initial: [1, 0], terminal: [0, 1] },
  );

describe('without a discount', () => {
  it.each(['exact', 'variational'] as const)('sums the ways of leaving later and later (%s)', (inference) => {
    for (const stay of [-2, -0.5, -1e-3, -1e-6]) {
      const { V, policy, residual } = solveTabular(stayOrLeave(stay), { inference });
      // exp V = exp(stay) exp V + 1.
      expect(Math.abs(V[0]! + Math.log(-Math.expm1(stay)))).toBeLessThan(1e-9);
      expect(policy[0]).toBeCloseTo(Math.exp(stay), 9);
      expect(V[1]).toBe(0);
      expect(residual).toBeLessThan(1e-14);
    }
  });

  it.each([
    ['all of whose endless ways lose nothing', stayOrLeave(0), /grow without limit.*state 0 loses nothing/],
    ['that gains by staying', stayOrLeave(0.1), /grow without limit.*state 0 gains 0\.1/],
    ['that never ends and gains', mdpOf([[[1]]], [[1]]), /grow without limit.*state 0 gains 1/],
    [
      'whose only gain is entropy',
      mdpOf([[[1], [1]]], [[0, 0]]),
      /grow without limit.*0\.69.*entropy included/,
    ],
    ['that never ends and loses', mdpOf([[[1]]], [[-1]]), /fall without limit: from state 0/],
    [
      'with a trap that loses forever',
      mdpOf([[[0, 0.5, 0.5]], [[0, 1, 0]], [[0, 0, 1]]], [[0], [-1], [0]], { terminal: [0, 0, 1] }),
      /fall without limit: from state 1/,
    ],
  ])('refuses a process %s', (_, mdp: TabularMdp, message) => {
    for (const inference of ['exact', 'variational'] as const) {
      expect(() => solveTabular(mdp, { inference })).toThrow(message);
      expect(() => solveTabular(mdp, { inference })).toThrow(InvalidInputError);
    }
  });

  it('with hard values refuses gain and loss, not idling', () => {
    expect(() => solveTabular(forest(), { inference: 'hard' })).toThrow(/grow without limit.*gains/);
    expect(() => solveTabular(mdpOf([[[1]]], [[-1]]), { inference: 'hard' })).toThrow(/fall without limit/);
    expect(solveTabular(stayOrLeave(0), { inference: 'hard' }).V).toEqual(new Float64Array(2));
    expect(solveTabular(stayOrLeave(-1), { inference: 'hard' }).policy.subarray(0, 2)).toEqual(
      Float64Array.of(0, 1),
    );
  });

  it.each(inferences)('takes a state that idles at no gain for an end (%s)', (inference) => {
    const solution = solveTabular(lottery, { inference, actionPrior: 'uniform' });
    const finite = inferControl(lottery, { inference, actionPrior: 'uniform', horizon: 5 });
    solution.V.forEach((value, state) => {
      expect(value).toBeCloseTo(finite.V[state]!, 14);
    });
    expect(solution.startValue).toBe(solution.V[0]);
  });

  it('tells the posterior, which may hope, from a policy, which must be sure to end', () => {
    // A coin that ends the episode or traps it.
    const mdp = mdpOf([[[0, 0.5, 0.5]], [[0, 1, 0]], [[0, 0, 1]]], [[0], [-Infinity], [0]], {
      initial: [1, 0, 0],
      terminal: [0, 0, 1],
    });
    expect(solveTabular(mdp, { inference: 'exact' }).V).toEqual(Float64Array.of(Math.log(0.5), -Infinity, 0));
    for (const inference of ['variational', 'hard'] as const) {
      const { V, policy } = solveTabular(mdp, { inference });
      expect(V).toEqual(Float64Array.of(-Infinity, -Infinity, 0));
      expect(policy).toEqual(Float64Array.of(0, 0, 1));
    }
  });

  it('is the limit of ever longer horizons where each step may end the episode', () => {
    const worlds = randomMdp({ maxSize: 4, highestReward: -1 }).map((mdp) => {
      // Half of the mass goes to an end next to the given states.
      const states = mdp.stateCount + 1;
      const tables = Array.from({ length: states }, (_, state) =>
        Array.from({ length: mdp.actionCount }, (_, action) => {
          const row = new Array<number>(states).fill(0);
          row[states - 1] = state === states - 1 ? 1 : 0.5;
          if (state === states - 1) return row;
          const { rowOffsets, columns, values } = mdp.transition;
          const pair = state * mdp.actionCount + action;
          for (let i = rowOffsets[pair]!; i < rowOffsets[pair + 1]!; i++) row[columns[i]!] = values[i]! / 2;
          return row;
        }),
      );
      const rewards = Array.from({ length: states }, (_, state) =>
        state === states - 1
          ? new Array<number>(mdp.actionCount).fill(0)
          : Array.from(mdp.reward.subarray(state * mdp.actionCount, (state + 1) * mdp.actionCount)),
      );
      return mdpOf(tables, rewards, { terminal: [...mdp.terminal, 1] });
    });
    fc.assert(
      fc.property(worlds, fc.constantFrom(...inferences), real(0.2, 1), (mdp, inference, temperature) => {
        const options = { inference, temperature, actionPrior: 'uniform' as const };
        const { V } = solveTabular(mdp, options);
        const finite = inferControl(mdp, { ...options, horizon: 100 }).V;
        V.forEach((value, state) => {
          expect(Math.abs(value - finite[state]!)).toBeLessThan(1e-10 * Math.max(1, Math.abs(value)));
        });
      }),
    );
  });

  it('gives up on values that turn in a circle', () => {
    const swing = mdpOf([[[0, 1]], [[1, 0]]], [[1], [-1]]);
    expect(() => solveTabular(swing, { inference: 'hard', maxIterations: 1000 })).toThrow(
      /maxIterations: .*did not settle/,
    );
  });
});

describe('a discount near 1', () => {
  /** A walk around a ring that must be gone round to be paid. */
  const ring = (states: number) =>
    mdpOf(
      Array.from({ length: states }, (_, state) =>
        [1, states - 1].map((step) =>
          Array.from(
            { length: states },
            (_, next) => 0.9 * Number(next === (state + step) % states) + 0.1 * Number(next === state),
          ),
        ),
      ),
      Array.from({ length: states }, (_, state) => [state === 0 ? 1 : 0, 0]),
    );

  it.each(inferences.filter((inference) => inference !== 'exact'))('takes few sweeps (%s)', (inference) => {
    for (const discount of [0.999, 0.99999]) {
      const { V, iterations, residual, Q, policy } = solveTabular(ring(40), { inference, discount });
      expect(iterations).toBeLessThan(200);
      // The a posteriori bound of a contraction.
      expect((residual * discount) / (1 - discount)).toBeLessThan(1e-8 * V[0]!);
      if (inference === 'hard') continue;
      policy.forEach((probability, row) => {
        expect(Math.log(probability)).toBeCloseTo(Q[row]! - V[Math.floor(row / 2)]!, 7);
      });
    }
  });
});

describe('discounted occupancy', () => {
  it('is the sum of discounted marginals', () => {
    fc.assert(
      fc.property(
        randomMdp({ maxSize: 4, ending: true }),
        real(0.3, 0.9),
        fc.constantFrom<ControlInference>('variational', 'hard'),
        (mdp, discount, inference) => {
          const { stateMarginals, policy } = inferControl(mdp, { inference, discount, horizon: null });
          const expected = new Float64Array(mdp.stateCount);
          let now = mdp.initial.slice();
          let weight = 1 - discount;
          for (let t = 0; t < 600; t++) {
            const then = new Float64Array(mdp.stateCount);
            now.forEach((mass, state) => {
              expected[state]! += weight * mass;
              if (mdp.terminal[state] === 1) {
                then[state]! += mass;
                return;
              }
              for (let row = state * mdp.actionCount; row < (state + 1) * mdp.actionCount; row++) {
                const { rowOffsets, columns, values } = mdp.transition;
                for (let i = rowOffsets[row]!; i < rowOffsets[row + 1]!; i++) {
                  then[columns[i]!]! += mass * policy[row]! * values[i]!;
                }
              }
            });
            now = then;
            weight *= discount;
          }
          stateMarginals!.forEach((share, state) => {
            expect(Math.abs(share - expected[state]!)).toBeLessThan(1e-11);
          });
        },
      ),
    );
  });

  it('follows the posterior, which a lucky end draws in', () => {
    // Ends now, or pays 5 later: the posterior stays alive more often than its discount says.
    const mdp = mdpOf([[[0, 1]], [[0, 1]]], [[0], [-1]], { initial: [1, 0] });
    const options = { inference: 'exact' as const, discount: 0.5, discountAs: 'termination' as const };
    const { V, stateMarginals } = inferControl(mdp, { ...options, horizon: null });
    // z1 = e^-1 (z1 / 2 + 1 / 2), z0 = z1 / 2 + 1 / 2; visits to 1 follow the chance of going on.
    const z1 = (0.5 * Math.exp(-1)) / (1 - 0.5 * Math.exp(-1));
    expect(V[1]).toBeCloseTo(Math.log(z1), 12);
    const goesOn = (0.5 * z1) / (0.5 * z1 + 0.5);
    const visits1 = goesOn / (1 - goesOn);
    expect(stateMarginals![1]).toBeCloseTo(visits1 / (1 + visits1), 12);
  });

  it('does not exist without a discount', () => {
    expect(inferControl(stayOrLeave(-1), { inference: 'exact', horizon: null }).stateMarginals).toBeNull();
  });
});
