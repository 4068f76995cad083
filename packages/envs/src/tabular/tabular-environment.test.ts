import { InvalidInputError, SnapshotMismatchError, sparseRowsOf, type TabularMdp } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { frozenLake } from './frozen-lake.js';
import { TabularEnvironment } from './tabular-environment.js';

/** From state 0, action 0 leads to states 1 and 2 (terminal) with 1/4 and 3/4; action 1 stays. */
const forked: TabularMdp = {
  stateCount: 3,
  actionCount: 2,
  transition: sparseRowsOf(Float64Array.of(0, 0.25, 0.75, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1), 6, 3),
  reward: Float64Array.of(5, -1, 0, 0, 0, 0),
  initial: Float64Array.of(1, 0, 0),
  terminal: Uint8Array.of(0, 0, 1),
};

/** Relative frequency of state 2, and the rewards seen, over episodes of one step with action 0. */
function sampleFork(mdp: TabularMdp, episodes: number) {
  const environment = new TabularEnvironment(mdp);
  environment.reset({ seed: 11 });
  let arrivals = 0;
  let total = 0;
  const rewards = new Set<number>();
  for (let i = 0; i < episodes; i++) {
    environment.reset();
    const { observation, reward, terminated } = environment.step(0);
    expect(terminated).toBe(observation === 2);
    if (observation === 2) arrivals += 1;
    total += reward;
    rewards.add(reward);
  }
  return {
    frequency: arrivals / episodes,
    mean: total / episodes,
    rewards: [...rewards].sort((a, b) => a - b),
  };
}

describe('TabularEnvironment', () => {
  it('samples the next state from the table', () => {
    const { frequency, rewards } = sampleFork(forked, 4000);
    // Standard error sqrt(0.25 * 0.75 / 4000) = 0.007.
    expect(Math.abs(frequency - 0.75)).toBeLessThan(0.03);
    expect(rewards).toEqual([5]);
  });

  it('pays the reward of the transition taken when the process gives one', () => {
    const transitionReward = Float64Array.of(2, 6, -1, 0, 0, 0, 0);
    const { mean, rewards } = sampleFork({ ...forked, transitionReward }, 4000);
    expect(rewards).toEqual([2, 6]);
    expect(Math.abs(mean - 5)).toBeLessThan(0.12);
  });

  it('starts by the initial distribution', () => {
    const environment = new TabularEnvironment({ ...forked, initial: Float64Array.of(0.5, 0.5, 0) });
    environment.reset({ seed: 2 });
    const starts = Array.from({ length: 1000 }, () => environment.reset().observation);
    const ones = starts.filter((state) => state === 1).length;
    expect(starts.every((state) => state === 0 || state === 1)).toBe(true);
    expect(Math.abs(ones - 500)).toBeLessThan(65);
  });

  it('refuses what cannot be run', () => {
    const forbidden = { ...forked, reward: Float64Array.of(5, -Infinity, 0, 0, 0, 0) };
    expect(() => new TabularEnvironment(forbidden)).toThrow(InvalidInputError);
    const ended = { ...forked, initial: Float64Array.of(0.5, 0, 0.5) };
    expect(() => new TabularEnvironment(ended)).toThrow(/initial\[2\].*terminal/);
    expect(() => new TabularEnvironment({ ...forked, actionCount: 3 })).toThrow(InvalidInputError);
  });

  it('refuses the state of a larger world', () => {
    const large = new TabularEnvironment(frozenLake());
    large.reset({ seed: 0 });
    const snapshot = large.getState();
    snapshot.arrays.state!.data[0] = 14;
    expect(() => new TabularEnvironment(forked).setState(snapshot)).toThrow(SnapshotMismatchError);
  });
});
