import { copySnapshot, SnapshotMismatchError } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import {
  type NStepRow,
  NStepWindow,
  type NStepWindowOptions,
  type NStepWindowStep,
} from './n-step-window.js';

const options = { length: 3, discount: 0.5, observationSize: 1 };

/** Step t goes from observation t to t + 1 by action 10 + t, with reward 2^t. */
const step = (t: number, own: Partial<NStepWindowStep> = {}): NStepWindowStep => ({
  observation: Float32Array.of(t),
  action: Float32Array.of(10 + t),
  reward: 2 ** t,
  duration: 1,
  nextObservation: Float32Array.of(t + 1),
  terminated: false,
  truncated: false,
  ...own,
});

/** Rows as [from, action, reward, to, bootstrap], in the order in which they come out, by step. */
function rowsOf(steps: readonly NStepWindowStep[], window = new NStepWindow(options)): number[][][] {
  return steps.map((next) => {
    const rows: number[][] = [];
    window.push(next, ({ observation, action, reward, nextObservation, terminated, duration }) =>
      rows.push([
        observation[0]!,
        action[0]!,
        reward,
        nextObservation[0]!,
        terminated ? 0 : options.discount ** duration,
      ]),
    );
    return rows;
  });
}

describe('NStepWindow', () => {
  it('sums n discounted rewards, then bootstraps with discount^n', () => {
    // 1 + 0.5 * 2 + 0.25 * 4, then 2 + 0.5 * 4 + 0.25 * 8.
    expect(rowsOf([step(0), step(1), step(2), step(3)])).toEqual([
      [],
      [],
      [[0, 10, 3, 3, 0.125]],
      [[1, 11, 6, 4, 0.125]],
    ]);
  });

  it('with n = 1 hands every step on as it is', () => {
    const window = new NStepWindow({ ...options, length: 1 });
    expect(rowsOf([step(0), step(1, { terminated: true })], window)).toEqual([
      [[0, 10, 1, 1, 0.5]],
      [[1, 11, 2, 2, 0]],
    ]);
    expect(window.empty).toBe(true);
  });

  it('ends all sums at a termination, without bootstrap', () => {
    expect(rowsOf([step(0), step(1), step(2, { terminated: true })])[2]).toEqual([
      [0, 10, 3, 3, 0],
      [1, 11, 4, 3, 0],
      [2, 12, 4, 3, 0],
    ]);
  });

  it('bootstraps from the last state if a time limit ends the episode, with the rewards so far', () => {
    expect(rowsOf([step(0), step(1, { truncated: true })])[1]).toEqual([
      [0, 10, 2, 2, 0.25],
      [1, 11, 2, 2, 0.5],
    ]);
  });

  it('terminates even if the time limit fell on the same step', () => {
    expect(rowsOf([step(0, { terminated: true, truncated: true })])[0]).toEqual([[0, 10, 1, 1, 0]]);
  });

  it('lets no reward cross from one episode to the next', () => {
    const rows = rowsOf([step(0), step(1, { truncated: true }), step(5), step(6), step(7)]);
    expect(rows.slice(2)).toEqual([[], [], [[5, 15, 32 + 32 + 32, 8, 0.125]]]);
  });

  it("counts the bonuses of the steps in between, not the action's own", () => {
    const rows = rowsOf([step(0, { bonus: 100 }), step(1, { bonus: 6 }), step(2, { bonus: 8 })]);
    expect(rows[2]).toEqual([[0, 10, 3 + 0.5 * 6 + 0.25 * 8, 3, 0.125]]);
  });

  it('sums log-probabilities of the steps in between, apart from rewards', () => {
    const window = new NStepWindow({ ...options, actionShape: [2] });
    const rows: NStepRow[] = [];
    const own = (t: number, flags: Partial<NStepWindowStep> = {}) =>
      window.push(step(t, { action: Float32Array.of(t, -t), logProb: 4 * (t + 1), ...flags }), (row) =>
        rows.push(row),
      );
    for (const t of [0, 1, 2]) own(t);
    own(3, { truncated: true });
    // 0.5 * 8 + 0.25 * 12, then 0.5 * 12 + 0.25 * 16, and after the time limit 0.5 * 16 and nothing.
    expect(rows.map(({ logProb }) => logProb)).toEqual([7, 10, 8, 0]);
    expect(rows.map(({ duration }) => duration)).toEqual([3, 3, 2, 1]);
    expect(rows.map(({ truncated }) => truncated)).toEqual([false, true, true, true]);
    expect([...rows[1]!.action]).toEqual([1, -1]);
  });

  it('discounts by the time passed where steps take longer', () => {
    const window = new NStepWindow({ ...options, actionShape: [1] });
    const rows: NStepRow[] = [];
    for (const [t, duration] of [2, 3, 1].entries()) {
      window.push(step(t, { duration, logProb: 1 }), (row) => rows.push(row));
    }
    // Rewards 1, 2 and 4 at times 0, 2 and 5.
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ reward: 1 + 2 / 4 + 4 / 32, logProb: 1 / 4 + 1 / 32, duration: 6 });
  });

  it('keeps its own copy of observations that the caller overwrites', () => {
    const window = new NStepWindow(options);
    const observation = Float32Array.of(0);
    window.push(step(0, { observation }), () => {});
    observation[0] = 99;
    const [, rows] = rowsOf([step(1), step(2)], window);
    expect(rows![0]![0]).toBe(0);
  });

  it.each<Partial<NStepWindowOptions>>([{}, { actionShape: [2] }])(
    'continues from a snapshot, with %o',
    (form) => {
      const emitted = (window: NStepWindow, times: readonly number[]) => {
        const rows: NStepRow[] = [];
        for (const t of times) {
          const own = form.actionShape && { action: Float32Array.of(t, -t), logProb: t + 0.5, duration: 2 };
          window.push(step(t, own), (row) => rows.push(row));
        }
        return rows;
      };
      const window = new NStepWindow({ ...options, ...form });
      emitted(window, [0, 1]);
      const restored = new NStepWindow({ ...options, ...form });
      restored.load(copySnapshot(window.save()));
      expect(restored.empty).toBe(false);
      expect(emitted(restored, [2, 3])).toEqual(emitted(window, [2, 3]));
    },
  );

  it('refuses a snapshot of a longer window, or of wider observations', () => {
    const window = new NStepWindow(options);
    rowsOf([step(0), step(1)], window);
    const snapshot = window.save();
    expect(() => new NStepWindow({ ...options, length: 2 }).load(snapshot)).toThrow(
      new SnapshotMismatchError('n-step window: 2 steps wait, expected fewer than nStep = 2'),
    );
    expect(() => new NStepWindow({ ...options, observationSize: 2 }).load(snapshot)).toThrow(
      'n-step window: the snapshot has no float64 array "observations" of shape [2,2]',
    );
  });
});
