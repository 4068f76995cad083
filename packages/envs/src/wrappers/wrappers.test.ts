import {
  Box,
  Discrete,
  type Environment,
  InvalidInputError,
  InvalidStateError,
  SnapshotMismatchError,
  SpaceMismatchError,
  snapshotsEqual,
} from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { Pendulum } from '../classic/pendulum.js';
import { frozenLake } from '../tabular/frozen-lake.js';
import { TabularEnvironment } from '../tabular/tabular-environment.js';
import { ClipAction } from './clip-action.js';
import { FlattenObservation } from './flatten-observation.js';
import { FrameSkip } from './frame-skip.js';
import { NormalizeReward } from './normalize-reward.js';
import { RecordEpisodeStatistics } from './record-episode-statistics.js';
import { RescaleAction } from './rescale-action.js';
import { TimeLimit } from './time-limit.js';
import { TransformReward } from './transform-reward.js';

const PUSH = Float32Array.of(0.5);

/** Pays its action back as the reward, and terminates on the third step. Has no state to save. */
function echo(low: number, high: number): Environment<number, Float32Array> {
  let steps = 0;
  return {
    observationSpace: new Discrete(10),
    actionSpace: new Box({ low: [low], high: [high] }) as Environment['actionSpace'],
    reset: () => {
      steps = 0;
      return { observation: 0, info: {} };
    },
    step: (action) => {
      steps += 1;
      return {
        observation: steps,
        reward: action[0]!,
        terminated: steps === 3,
        truncated: false,
        info: { steps },
      };
    },
    close: () => {},
  };
}

describe('TimeLimit', () => {
  it('truncates on the last step and never terminates', () => {
    const environment = new TimeLimit(new Pendulum(), 3);
    environment.reset({ seed: 1 });
    const flags = [1, 2, 3].map(() => {
      const { terminated, truncated } = environment.step(PUSH);
      return [terminated, truncated];
    });
    expect(flags).toEqual([
      [false, false],
      [false, false],
      [false, true],
    ]);
    expect(() => environment.step(PUSH)).toThrow(InvalidStateError);
    environment.reset();
    expect([1, 2, 3].map(() => environment.step(PUSH).truncated)).toEqual([false, false, true]);
  });

  it('keeps terminated when the task ends on the last step', () => {
    const environment = new TimeLimit(echo(-1, 1), 3);
    environment.reset();
    environment.step(PUSH);
    environment.step(PUSH);
    expect(environment.step(PUSH)).toMatchObject({ terminated: true, truncated: true });
  });

  it('does not count a step that was refused', () => {
    const environment = new TimeLimit(new Pendulum(), 2);
    environment.reset({ seed: 1 });
    expect(() => environment.step(Float32Array.of(1, 2))).toThrow(SpaceMismatchError);
    expect([1, 2].map(() => environment.step(PUSH).truncated)).toEqual([false, true]);
  });

  it('carries the elapsed steps in its state', () => {
    const first = new TimeLimit(new Pendulum(), 3);
    first.reset({ seed: 1 });
    first.step(PUSH);
    const second = new TimeLimit(new Pendulum(), 3);
    second.setState!(first.getState!());
    expect(second.step(PUSH).observation).toEqual(first.step(PUSH).observation);
    expect(snapshotsEqual(first.getState!(), second.getState!())).toBe(true);
    expect(second.step(PUSH).truncated).toBe(true);
  });

  it.each([-1, 0.5, 4, 1e300, '1', null])('refuses a state after %j steps of 3', (elapsedSteps) => {
    const environment = new TimeLimit(new Pendulum(), 3);
    environment.reset({ seed: 1 });
    const state = environment.getState!();
    const metadata = { ...state.metadata, wrapper: { ...(state.metadata.wrapper as object), elapsedSteps } };
    expect(() => environment.setState!({ ...state, metadata })).toThrow(SnapshotMismatchError);
  });

  it.each([0, 1.5, Number.NaN])('refuses a limit of %s', (limit) => {
    expect(() => new TimeLimit(new Pendulum(), limit)).toThrow(InvalidInputError);
  });
});

describe('RecordEpisodeStatistics', () => {
  it('reports return and length in the info of the last step only, besides what was there', () => {
    const environment = new RecordEpisodeStatistics(echo(-1, 1));
    for (let episode = 0; episode < 2; episode++) {
      environment.reset();
      expect(environment.step(Float32Array.of(1)).info).toEqual({ steps: 1 });
      expect(environment.step(Float32Array.of(0.5)).info).toEqual({ steps: 2 });
      expect(environment.step(Float32Array.of(-0.25)).info).toEqual({
        steps: 3,
        episode: { return: 1.25, length: 3 },
      });
    }
  });

  it('reports at a truncation, and carries its sums in its state', () => {
    const first = new RecordEpisodeStatistics(new TimeLimit(new Pendulum(), 2));
    first.reset({ seed: 3 });
    const { reward } = first.step(PUSH);
    const second = new RecordEpisodeStatistics(new TimeLimit(new Pendulum(), 2));
    second.setState!(first.getState!());
    const last = second.step(PUSH);
    expect(last.info.episode).toEqual({ return: reward + last.reward, length: 2 });
  });
});

describe('RescaleAction', () => {
  it.each([
    [-1, -3],
    [-0.5, -1],
    [0, 1],
    [1, 5],
    [1.5, 7],
  ])('maps %s to %s on the inner bounds [-3, 5]', (action, expected) => {
    const environment = new RescaleAction(echo(-3, 5));
    environment.reset();
    expect(environment.step(Float32Array.of(action)).reward).toBe(expected);
  });

  it('offers the new bounds as its action space', () => {
    const { actionSpace } = new RescaleAction(new Pendulum(), -2, 3);
    expect([actionSpace.low[0], actionSpace.high[0]]).toEqual([-2, 3]);
  });

  it('leaves the action that it was given alone', () => {
    const environment = new RescaleAction(new Pendulum());
    environment.reset({ seed: 0 });
    const action = Float32Array.of(0.5);
    environment.step(action);
    expect(action[0]).toBe(0.5);
  });

  it('refuses what it cannot rescale', () => {
    const unbounded = echo(-1, Infinity);
    expect(() => new RescaleAction(unbounded)).toThrow(SpaceMismatchError);
    expect(() => new RescaleAction(new Pendulum(), 1, 1)).toThrow(InvalidInputError);
    const environment = new RescaleAction(new Pendulum());
    environment.reset({ seed: 0 });
    expect(() => environment.step(Float32Array.of(Number.NaN))).toThrow(SpaceMismatchError);
  });
});

describe('ClipAction', () => {
  it('offers an unbounded action space and leaves the action that it was given alone', () => {
    const environment = new ClipAction(echo(-3, 5));
    expect([environment.actionSpace.low[0], environment.actionSpace.high[0]]).toEqual([-Infinity, Infinity]);
    environment.reset();
    const action = Float32Array.of(9);
    expect(environment.step(action).reward).toBe(5);
    expect(action[0]).toBe(9);
  });

  it('refuses what it cannot clip', () => {
    const environment = new ClipAction(new Pendulum());
    environment.reset({ seed: 0 });
    for (const action of [Float32Array.of(Number.NaN), Float32Array.of(1, 2), undefined]) {
      expect(() => environment.step(action as Float32Array)).toThrow(SpaceMismatchError);
    }
    const discrete = new TabularEnvironment(frozenLake()) as unknown as Environment<number, Float32Array>;
    expect(() => new ClipAction(discrete)).toThrow(SpaceMismatchError);
  });
});

describe('FrameSkip', () => {
  it('sums rewards and stops at the end of an episode', () => {
    const environment = new FrameSkip(echo(-1, 1), 2);
    environment.reset();
    expect(environment.step(Float32Array.of(0.5))).toMatchObject({ observation: 2, reward: 1 });
    expect(environment.step(Float32Array.of(0.5))).toMatchObject({
      observation: 3,
      reward: 0.5,
      terminated: true,
    });
  });

  it('stops at a truncation', () => {
    const environment = new FrameSkip(new TimeLimit(new Pendulum(), 3), 2);
    environment.reset({ seed: 1 });
    expect([1, 2].map(() => environment.step(PUSH).truncated)).toEqual([false, true]);
  });

  it.each([0, 1.5, Number.NaN])('refuses %s frames', (frames) => {
    expect(() => new FrameSkip(new Pendulum(), frames)).toThrow(InvalidInputError);
  });
});

describe('TransformReward', () => {
  it('pays what the function makes of each reward', () => {
    const environment = new TransformReward(echo(-1, 1), (reward) => 10 * reward - 1);
    environment.reset();
    expect(environment.step(Float32Array.of(0.5)).reward).toBe(4);
  });
});

describe('FlattenObservation', () => {
  it('shows a state index one-hot, at reset, step and observe', () => {
    const environment = new FlattenObservation(new TabularEnvironment(frozenLake({ slippery: false })));
    const oneHot = (index: number) => Float32Array.from({ length: 16 }, (_, i) => (i === index ? 1 : 0));
    expect(environment.reset({ seed: 0 }).observation).toEqual(oneHot(0));
    expect(environment.step(2).observation).toEqual(oneHot(1));
    expect(environment.observe!()).toEqual(oneHot(1));
    expect(environment.observationSpace.toString()).toBe('Box(16, float32)');
  });

  it('keeps double precision where a part has it', () => {
    const space = new Box({ low: [0], high: [1], dataType: 'float64' });
    const inner = { ...echo(-1, 1), observationSpace: space };
    expect(new FlattenObservation(inner as Environment).observationSpace.dataType).toBe('float64');
  });

  it('refuses a space of unknown bounds', () => {
    const space = { ...new Discrete(2), kind: 'graph', toString: () => 'Graph(2)' };
    const inner = { ...echo(-1, 1), observationSpace: space } as unknown as Environment;
    expect(() => new FlattenObservation(inner)).toThrow(/Graph\(2\)/);
  });
});

describe('EnvironmentWrapper', () => {
  it('offers state and pictures only where the inner environment does', () => {
    const plain = new TimeLimit(echo(-1, 1), 5);
    expect(plain.getState).toBeUndefined();
    expect(plain.setState).toBeUndefined();
    expect(plain.render).toBeUndefined();
    expect(plain.observe).toBeUndefined();
    const drawn = new TimeLimit({ ...echo(-1, 1), render: () => 'picture' }, 5);
    expect(drawn.render!()).toBe('picture');
  });

  it('shows what the inner environment observes after its state was set', () => {
    const limited = new TimeLimit(new Pendulum(), 5);
    limited.reset({ seed: 1 });
    const before = limited.getState!();
    const { observation } = limited.step(PUSH);
    expect(limited.observe!()).toEqual(observation);
    limited.setState!(before);
    expect(limited.observe!()).toEqual(limited.reset({ seed: 1 }).observation);
  });

  it('refuses a snapshot of another shape', () => {
    const limited = new TimeLimit(new Pendulum(), 5);
    expect(() => limited.setState!(new Pendulum().getState())).toThrow(SnapshotMismatchError);
    const recorded = new RecordEpisodeStatistics(new Pendulum());
    expect(() => recorded.setState!(limited.getState!())).toThrow(SnapshotMismatchError);
  });

  it('closes the inner environment', () => {
    const inner = new Pendulum();
    new TimeLimit(inner, 5).close();
    expect(() => inner.reset()).toThrow(InvalidStateError);
  });
});

describe('a reward that is not a number', () => {
  const paying = (reward: unknown) => {
    const environment = new Pendulum();
    const step = environment.step.bind(environment);
    environment.step = (action) => ({ ...step(action), reward: reward as number });
    environment.reset({ seed: 1 });
    return environment;
  };

  it.each([
    ['TransformReward', (inner: Pendulum) => new TransformReward(inner, (reward) => reward * 2)],
    [
      'TransformReward that defines the task',
      (inner: Pendulum) => new TransformReward(inner, (reward) => reward * 2, { definesTask: true }),
    ],
    ['NormalizeReward', (inner: Pendulum) => new NormalizeReward(inner)],
    ['FrameSkip', (inner: Pendulum) => new FrameSkip(inner, 2)],
    ['RecordEpisodeStatistics', (inner: Pendulum) => new RecordEpisodeStatistics(inner)],
  ])('is refused by %s, not made one', (_, wrap) => {
    for (const reward of ['3', [3], 3n, Object(3), undefined]) {
      expect(() => wrap(paying(reward)).step(Float32Array.of(0))).toThrow(
        /^reward: expected a finite number from step, got /,
      );
    }
  });

  it('cannot come from a transform that is not a function', () => {
    expect(() => new TransformReward(new Pendulum(), 3 as unknown as () => number)).toThrow(
      'transform: expected a function of reward and result, got 3',
    );
  });
});
