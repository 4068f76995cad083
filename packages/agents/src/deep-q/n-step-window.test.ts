import { copySnapshot, SnapshotMismatchError } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { NStepWindow, type NStepWindowStep } from './n-step-window.js';

const options = { length: 3, discount: 0.5, observationSize: 1 };

/** Step t goes from observation t to t + 1 by action 10 + t, with reward 2^t. */
const step = (t: number, own: Partial<NStepWindowStep> = {}): NStepWindowStep => ({
  observation: Float32Array.of(t),
  action: 10 + t,
  reward: 2 ** t,
  bonus: 0,
  nextObservation: Float32Array.of(t + 1),
  terminated: false,
  truncated: false,
  ...own,
});

/** Rows as [from, action, reward, to, bootstrap], in the order in which they come out, by step. */
function rowsOf(steps: readonly NStepWindowStep[], window = new NStepWindow(options)): number[][][] {
  return steps.map((next) => {
    const rows: number[][] = [];
    window.push(next, ({ observation, action, reward, nextObservation, bootstrap }) =>
      rows.push([observation[0]!, action, reward, nextObservation[0]!, bootstrap]),
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

  it('keeps its own copy of observations that the caller overwrites', () => {
    const window = new NStepWindow(options);
    const observation = Float32Array.of(0);
    window.push(step(0, { observation }), () => {});
    observation[0] = 99;
    const [, rows] = rowsOf([step(1), step(2)], window);
    expect(rows![0]![0]).toBe(0);
  });

  it('continues from a snapshot', () => {
    const window = new NStepWindow(options);
    rowsOf([step(0), step(1)], window);
    const restored = new NStepWindow(options);
    restored.load(copySnapshot(window.save()));
    expect(restored.empty).toBe(false);
    expect(rowsOf([step(2), step(3)], restored)).toEqual(rowsOf([step(2), step(3)], window));
  });

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
