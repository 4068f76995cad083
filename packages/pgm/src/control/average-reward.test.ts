import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { solveAverageReward } from './average-reward.js';
import { Backup } from './backup.js';
import { type ControlInference, prepareControl } from './control-options.js';
import { inferControl } from './infer-control.js';
import { expectedReturn } from './policy-evaluation.js';
import { posteriorDynamics } from './posterior-dynamics.js';
import { randomMdp, real } from './test-support/random-mdp.js';
import { forest, mdpOf, small } from './test-support/worlds.js';

const inferences: readonly ControlInference[] = ['exact', 'variational', 'hard'];

describe('solveAverageReward', () => {
  it('meets the printed hard averages', () => {
    expect(solveAverageReward(forest(), { inference: 'hard' }).averageReward).toBeCloseTo(3.24, 11);
    // Cutting in state 0, 4 steps of 9, for 10 each; the other 5 cost 1.
    expect(solveAverageReward(small, { inference: 'hard' }).averageReward).toBeCloseTo(35 / 9, 11);
  });

  it('encloses the printed average that pymdptoolbox stops at', () => {
    // Its relative value iteration, which stops at a span below 0.01 and reports the lower bound.
    const backup = new Backup(prepareControl(small, { inference: 'hard' }));
    const next = new Float64Array(2);
    let V = new Float64Array(2);
    let average = 0;
    for (let span = Infinity; span >= 0.01; ) {
      const gain = V[1]!;
      backup.sweep(V, next, 0);
      const relative = next.map((value) => value - gain);
      const changes = relative.map((value, state) => value - V[state]!);
      span = Math.max(...changes) - Math.min(...changes);
      average = gain + Math.min(...changes);
      V = relative;
    }
    expect(Math.abs(average - 3.88523524641183)).toBeLessThanOrEqual(5e-15);
  });

  it('is the dominant eigenvalue of the tilted matrix', () => {
    // One action, two states: M = diag(e^r) P has trace t and determinant d.
    const mdp = mdpOf([[[0.9, 0.1]], [[0.4, 0.6]]], [[1], [-0.5]]);
    const [e0, e1] = [Math.exp(1), Math.exp(-0.5)];
    const trace = 0.9 * e0 + 0.6 * e1;
    const determinant = e0 * e1 * (0.9 * 0.6 - 0.1 * 0.4);
    const eigenvalue = (trace + Math.sqrt(trace ** 2 - 4 * determinant)) / 2;
    const { averageReward, relativeV } = solveAverageReward(mdp, { inference: 'exact' });
    expect(averageReward).toBeCloseTo(Math.log(eigenvalue), 11);
    // (M - eigenvalue) x = 0.
    const ratio = (eigenvalue - 0.9 * e0) / (0.1 * e0);
    expect(relativeV[1]! - relativeV[0]!).toBeCloseTo(Math.log(ratio), 11);
    // Doob's transform makes the posterior dynamics: e^r p(s' | s) x(s') / (eigenvalue x(s)).
    const { values } = posteriorDynamics(mdp, relativeV);
    expect(values[1]).toBeCloseTo((e0 * 0.1 * ratio) / eigenvalue, 11);
  });

  it('settles on a process that turns in a circle', () => {
    const circle = mdpOf([[[0, 1, 0]], [[0, 0, 1]], [[1, 0, 0]]], [[3], [0], [-1.5]]);
    for (const inference of inferences) {
      expect(solveAverageReward(circle, { inference }).averageReward).toBeCloseTo(0.5, 11);
    }
  });

  it('settles on rewards below the smallest normal number, where rounding is no longer relative', () => {
    const mixing = [[[0.5, 0.5]], [[0.15, 0.85]]];
    for (const tolerance of [1e-12, 1e-17]) {
      const options = { inference: 'hard', tolerance, maxIterations: 1000 } as const;
      const { averageReward } = solveAverageReward(mdpOf(mixing, [[4e-323], [-8e-323]]), options);
      // 3 steps of 13 in state 0.
      expect(Math.abs(averageReward - (3 * 4e-323 - 10 * 8e-323) / 13)).toBeLessThan(1e-320);
    }
  });

  it('is what long horizons gain per step, with the policy of their first step', () => {
    const connected = randomMdp({ maxSize: 4 }).map((mdp) => ({
      ...mdp,
      // Every state is mixed in, so that all reach each other.
      transition: mdpOf(
        Array.from({ length: mdp.stateCount }, (_, state) =>
          Array.from({ length: mdp.actionCount }, (_, action) => {
            const row = new Array<number>(mdp.stateCount).fill(0.3 / mdp.stateCount);
            const { rowOffsets, columns, values } = mdp.transition;
            const pair = state * mdp.actionCount + action;
            for (let i = rowOffsets[pair]!; i < rowOffsets[pair + 1]!; i++)
              row[columns[i]!]! += 0.7 * values[i]!;
            return row;
          }),
        ),
        Array.from({ length: mdp.stateCount }, () => new Array<number>(mdp.actionCount).fill(0)),
      ).transition,
    }));
    fc.assert(
      fc.property(connected, fc.constantFrom(...inferences), real(0.5, 3), (mdp, inference, temperature) => {
        const { averageReward, policy, relativeV } = solveAverageReward(mdp, { inference, temperature });
        const finite = inferControl(mdp, { inference, temperature, horizon: 200 });
        const gain = finite.V[0]! - finite.V[mdp.stateCount]!;
        expect(Math.abs(gain - averageReward)).toBeLessThan(1e-10);
        for (let state = 1; state < mdp.stateCount; state++) {
          expect(
            Math.abs(relativeV[state]! - relativeV[0]! - (finite.V[state]! - finite.V[0]!)),
          ).toBeLessThan(1e-9);
        }
        if (inference === 'hard') {
          const horizon = 2000;
          const collected =
            expectedReturn(mdp, policy, { horizon }) - expectedReturn(mdp, policy, { horizon: 1000 });
          expect(Math.abs(collected / 1000 - averageReward)).toBeLessThan(1e-9);
        } else {
          policy.forEach((probability, row) => {
            expect(Math.abs(probability - finite.policy[row]!)).toBeLessThan(1e-9);
          });
        }
      }),
    );
  });

  it('refuses what has no single average', () => {
    expect(() =>
      solveAverageReward(mdpOf([[[1]]], [[0]], { terminal: [1] }), { inference: 'exact' }),
    ).toThrow(/^terminal\[0\]: expected no terminal states/);
    const apart = mdpOf([[[1, 0]], [[0, 1]]], [[0], [1]]);
    expect(() => solveAverageReward(apart, { inference: 'exact' })).toThrow(
      /^transition: .*2 separate groups/,
    );
    expect(() => solveAverageReward(mdpOf([[[1]]], [[-Infinity]]), { inference: 'exact' })).toThrow(
      /^reward: .*only forbidden ones/,
    );
    // Forbidden actions connect nothing.
    const oneWay = mdpOf(
      [
        [
          [0, 1],
          [1, 0],
        ],
        [
          [1, 0],
          [0, 1],
        ],
      ],
      [
        [0, 0],
        [-Infinity, 0],
      ],
    );
    expect(() => solveAverageReward(oneWay, { inference: 'variational' })).toThrow(/separate groups/);
    expect(() => solveAverageReward(small, { inference: 'exact', maxIterations: 2 })).toThrow(
      /^maxIterations: /,
    );
    expect(() => solveAverageReward(small, { inference: 'exact', tolerance: 0 })).toThrow(/^tolerance: /);
  });
});
