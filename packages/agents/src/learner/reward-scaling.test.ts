import { copySnapshot, Rng, RunningStatistics, SnapshotMismatchError } from '@maxent/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENTS, interleavedSteps } from '../test-support/interleaved-steps.js';
import { RewardScaling } from './reward-scaling.js';

const step = (reward: number, change: { terminated?: true; truncated?: true; duration?: number } = {}) => ({
  reward,
  duration: 1,
  terminated: false,
  truncated: false,
  ...change,
});

/** D from returns by two passes, with mass 0.0001 at -1 and 1 in equal parts. */
function divisorOf(returns: readonly number[]): number {
  const total = returns.length + 1e-4;
  const mean = returns.reduce((sum, value) => sum + value, 0) / total;
  const squares = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) + 1e-4 * (1 + mean ** 2);
  return Math.max(Math.sqrt(squares / total + 1e-8), Math.max(...returns.map(Math.abs)) / 5);
}

describe('RewardScaling', () => {
  it.each(['terminated', 'truncated'] as const)('starts each episode anew after one that %s', (end) => {
    const scaling = new RewardScaling(1);
    for (const each of [step(1), step(1), step(1, { [end]: true }), step(1)]) scaling.count(each);
    // Public code has 1, 2, 1, 2 here.
    expect(scaling.divisor).toBeCloseTo(divisorOf([1, 2, 3, 1]), 12);
    expect(scaling.divisor).not.toBeCloseTo(divisorOf([1, 2, 1, 2]), 2);
    expect(scaling.save().metadata).toMatchObject({ runningReturn: 1, largestReturn: 3 });
  });

  it('starts all episodes anew when it is told that they have begun', () => {
    const scaling = new RewardScaling(1);
    for (const environment of [0, 1]) scaling.count(step(2), environment);
    scaling.beginEpisodes();
    for (const environment of [0, 1]) scaling.count(step(1), environment);
    expect(scaling.divisor).toBeCloseTo(divisorOf([2, 2, 1, 1]), 12);
  });

  it('discounts the past by the duration of a step', () => {
    const scaling = new RewardScaling(0.5);
    for (const each of [step(4), step(1), step(-10, { duration: 3 })]) scaling.count(each);
    expect(scaling.save().metadata.runningReturn).toBe(0.125 * (0.5 * 4 + 1) - 10);
  });

  it('is the spread of returns, or a fifth of the largest where that is more', () => {
    const rng = Rng.fromSeed(1);
    const scaling = new RewardScaling(0.9);
    const returns: number[] = [];
    for (let i = 0; i < 1000; i++) {
      const reward = 100 * rng.normal();
      returns.push((returns.at(-1) ?? 0) * 0.9 + reward);
      scaling.count(step(reward));
    }
    expect(scaling.divisor / divisorOf(returns)).toBeCloseTo(1, 9);
    scaling.count(step(1e5));
    expect(scaling.divisor).toBeCloseTo(Math.abs(returns.at(-1)! * 0.9 + 1e5) / 5, 6);
  });

  it('counts the returns that each environment has alone, also when saved and loaded', () => {
    fc.assert(
      fc.property(interleavedSteps, fc.integer({ min: 0, max: 60 }), (steps, loadedAt) => {
        // The returns of each environment, from its steps alone.
        const returns = ENVIRONMENTS.map((environment) => {
          let before = 0;
          return steps
            .filter((each) => each.environment === environment)
            .map(({ reward, duration, terminated, truncated }) => {
              const current = 0.9 ** duration * before + reward;
              before = terminated || truncated ? 0 : current;
              return { current, before };
            });
        });
        const ends = returns.map((ofOne) => ofOne.at(-1)?.before ?? 0);
        const statistics = new RunningStatistics(1);
        let scaling = new RewardScaling(0.9);
        for (const [t, { environment, ...each }] of steps.entries()) {
          if (t === loadedAt) {
            const saved = copySnapshot(scaling.save());
            scaling = new RewardScaling(0.9);
            scaling.load(saved);
          }
          scaling.count(each, environment);
          statistics.update([returns[environment]!.shift()!.current]);
        }
        const { arrays, metadata } = scaling.save();
        expect(arrays).toEqual(statistics.save().arrays);
        const { runningReturn, runningReturns = {} } = metadata;
        const others = ENVIRONMENTS.slice(1).map((i) => (runningReturns as Record<number, number>)[i] ?? 0);
        expect([runningReturn, ...others]).toEqual(ends);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('is 1 before any reward, and above 0 while all are 0', () => {
    const scaling = new RewardScaling(0.9);
    expect(scaling.divisor).toBeCloseTo(1, 7);
    for (let i = 0; i < 100; i++) scaling.count(step(0));
    expect(scaling.divisor).toBeGreaterThan(1e-4);
  });

  it('goes on from what it saved, and stays unchanged when it refuses another snapshot', () => {
    const [first, second] = [new RewardScaling(0.9), new RewardScaling(0.9)];
    first.count(step(3));
    const saved = first.save();
    expect(saved.metadata).not.toHaveProperty('runningReturns');
    second.count(step(7), 3);
    second.load(saved);
    for (const scaling of [first, second]) scaling.count(step(-2));
    expect(second.save()).toEqual(first.save());
    const before = second.save();
    const { largestReturn: _, ...rest } = saved.metadata;
    expect(() => second.load({ ...saved, metadata: rest })).toThrow(SnapshotMismatchError);
    const ofOthers = { ...saved.metadata, runningReturns: { 1: 'much' } };
    expect(() => second.load({ ...saved, metadata: ofOthers })).toThrow(
      'metadata.runningReturns.1: expected a number, got "much"',
    );
    expect(second.save()).toEqual(before);
  });
});
