import {
  type BoxArray,
  copySnapshot,
  Discrete,
  InvalidInputError,
  RunningStatistics,
  SnapshotMismatchError,
  SpaceMismatchError,
  snapshotsEqual,
} from '@maxent/core';
import { checkEnvironment } from '@maxent/core/testing';
import { describe, expect, it } from 'vitest';
import { Pendulum } from '../classic/pendulum.js';
import { frozenLake } from '../tabular/frozen-lake.js';
import { TabularEnvironment } from '../tabular/tabular-environment.js';
import { FlattenObservation } from './flatten-observation.js';
import { NormalizeObservation } from './normalize-observation.js';
import { NormalizeReward } from './normalize-reward.js';
import { TimeLimit } from './time-limit.js';

const PUSH = Float32Array.of(1.5);

function steps(environment: { step(action: BoxArray): unknown }, count: number): unknown[] {
  return Array.from({ length: count }, () => environment.step(PUSH));
}

describe('NormalizeObservation', () => {
  it('keeps its statistics in its state, and goes on from there bit for bit', () => {
    const first = new NormalizeObservation(new TimeLimit(new Pendulum(), 7));
    first.reset({ seed: 1 });
    steps(first, 5);
    const state = copySnapshot(first.getState!());
    const second = new NormalizeObservation(new TimeLimit(new Pendulum(), 7));
    second.setState!(state);
    expect(snapshotsEqual(second.getState!(), state)).toBe(true);
    expect(second.observe!()).toEqual(first.observe!());
    expect(steps(second, 2)).toEqual(steps(first, 2));
    expect(first.reset().observation).toEqual(second.reset().observation);
    expect(first.statistics.count).toBe(9);
  });

  it('lets a frozen evaluation environment read what training learned, and change nothing', () => {
    const training = new NormalizeObservation(new Pendulum());
    const evaluation = new NormalizeObservation(new Pendulum(), {
      statistics: training.statistics,
      frozen: true,
    });
    training.reset({ seed: 1 });
    steps(training, 50);
    const before = training.statistics.save();
    const { observation } = evaluation.reset({ seed: 2 });
    const raw = new Pendulum().reset({ seed: 2 }).observation;
    const { mean, variance } = training.statistics;
    raw.forEach((entry, i) => {
      expect(observation[i]).toBeCloseTo((entry - mean[i]!) / Math.sqrt(variance[i]! + 1e-8), 6);
    });
    steps(evaluation, 50);
    expect(snapshotsEqual(training.statistics.save(), before)).toBe(true);
  });

  it('keeps every rule of environments while it is frozen', async () => {
    const training = new NormalizeObservation(new Pendulum());
    training.reset({ seed: 1 });
    steps(training, 50);
    const { skipped } = await checkEnvironment(
      () =>
        new NormalizeObservation(new TimeLimit(new Pendulum(), 20), {
          statistics: training.statistics,
          frozen: true,
        }),
    );
    expect(skipped).toEqual([]);
  });

  it('refuses what it cannot normalize', () => {
    const lake = new TabularEnvironment(frozenLake());
    expect(lake.observationSpace).toBeInstanceOf(Discrete);
    expect(() => new NormalizeObservation(lake as never)).toThrow(SpaceMismatchError);
    expect(new NormalizeObservation(new FlattenObservation(lake)).observationSpace.flatSize).toBe(16);
    const epsilon = () => new NormalizeObservation(new Pendulum(), { epsilon: 0 });
    expect(epsilon).toThrow(/epsilon: expected a positive number, got 0/);
    const statistics = new RunningStatistics(4);
    expect(() => new NormalizeObservation(new Pendulum(), { statistics })).toThrow(InvalidInputError);
    const limited = new TimeLimit(new Pendulum(), 3);
    expect(() => new NormalizeObservation(new Pendulum()).setState!(limited.getState!())).toThrow(
      SnapshotMismatchError,
    );
  });
});

describe('NormalizeReward', () => {
  it('keeps its statistics and its running return in its state', () => {
    const first = new NormalizeReward(new Pendulum());
    first.reset({ seed: 1 });
    steps(first, 5);
    const state = copySnapshot(first.getState!());
    const second = new NormalizeReward(new Pendulum());
    second.setState!(state);
    expect(steps(second, 3)).toEqual(steps(first, 3));
  });

  it('only reads the statistics while it is frozen', () => {
    const training = new NormalizeReward(new Pendulum());
    training.reset({ seed: 1 });
    steps(training, 20);
    const scale = Math.sqrt(training.statistics.variance[0]! + 1e-8);
    const frozen = new NormalizeReward(new Pendulum(), { statistics: training.statistics, frozen: true });
    const raw = new Pendulum();
    frozen.reset({ seed: 3 });
    raw.reset({ seed: 3 });
    for (let i = 0; i < 5; i++) expect(frozen.step(PUSH).reward).toBe(raw.step(PUSH).reward / scale);
    expect(training.statistics.count).toBe(20);
  });

  it.each([-0.1, 1.1, Number.NaN])('refuses a discount of %s', (discount) => {
    expect(() => new NormalizeReward(new Pendulum(), { discount })).toThrow(InvalidInputError);
  });

  it('refuses the state of another wrapper', () => {
    const other = new TimeLimit(new Pendulum(), 3).getState!();
    expect(() => new NormalizeReward(new Pendulum()).setState!(other)).toThrow(SnapshotMismatchError);
  });
});
