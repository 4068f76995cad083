import {
  type BoxArray,
  type Environment,
  EnvironmentFaultError,
  InvalidInputError,
  InvalidStateError,
  Rng,
  SnapshotMismatchError,
  SpaceMismatchError,
  snapshotsEqual,
} from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { cartPole } from '../classic/cart-pole.js';
import { Pendulum, pendulum } from '../classic/pendulum.js';
import { makeEnvironment } from '../make-environment.js';
import { NormalizeObservation } from '../wrappers/normalize-observation.js';
import { TimeLimit } from '../wrappers/time-limit.js';
import { TransformReward } from '../wrappers/transform-reward.js';
import { SyncVectorEnvironment } from './sync-vector-environment.js';
import { drive, goOn } from './test-support/drive.js';
import { faulty } from './test-support/faulty.js';

const PUSH = Float32Array.of(0.5);

function limited(limit: number): () => TimeLimit<Float32Array, Float32Array> {
  return () => new TimeLimit(new Pendulum(), limit) as unknown as TimeLimit<Float32Array, Float32Array>;
}

function faultyVector(options: Record<string, unknown>, count: number) {
  return SyncVectorEnvironment.create(() => makeEnvironment(faulty, options), count);
}

describe('SyncVectorEnvironment', () => {
  it('gives what its environments give one by one with the seeds that follow the first', async () => {
    const vector = await SyncVectorEnvironment.create(() => makeEnvironment(cartPole), 3);
    const results = await drive(vector, 60, 11);
    for (let i = 0; i < 3; i++) {
      const single = await makeEnvironment(cartPole);
      expect(results[0]!.observations[i]).toEqual(single.reset({ seed: 11 + i }).observation);
      let ends = 0;
      for (let t = 0; t < 60; t++) {
        const rng = Rng.fromSeed(9).split(t);
        const actions = [0, 1, 2].map(() => vector.actionSpace.sample(rng));
        const { observation, reward, terminated, truncated, info } = single.step(actions[i]!);
        const step = results[t + 1] as Awaited<ReturnType<typeof vector.step>>;
        expect([step.rewards[i], step.terminated[i], step.truncated[i]]).toEqual([
          reward,
          terminated,
          truncated,
        ]);
        if (terminated || truncated) {
          ends += 1;
          expect(step.ends[i]).toEqual({ observation, info });
          expect(step.observations[i]).toEqual(single.reset().observation);
        } else {
          expect(step.ends[i]).toBeNull();
          expect(step.observations[i]).toEqual(observation);
        }
      }
      expect(ends).toBeGreaterThan(0);
    }
  });

  it('begins an episode within a step from its own seed, if there is one', async () => {
    const seedsAt = (t: number) => [100 + t, 200 + t, 300 + t];
    const vector = await SyncVectorEnvironment.create(() => makeEnvironment(cartPole), 3);
    await vector.reset({ seed: [1, 2, 3] });
    const results = await goOn(vector, 0, 80, seedsAt);
    for (let i = 0; i < 3; i++) {
      const single = await makeEnvironment(cartPole);
      single.reset({ seed: i + 1 });
      const rngs = Array.from({ length: 80 }, (_, t) => Rng.fromSeed(9).split(t));
      let ends = 0;
      rngs.forEach((rng, t) => {
        const actions = [0, 1, 2].map(() => vector.actionSpace.sample(rng));
        const { terminated, observation } = single.step(actions[i]!);
        expect(results[t]!.terminated[i]).toBe(terminated);
        if (!terminated) return;
        ends += 1;
        expect(results[t]!.ends[i]!.observation).toEqual(observation);
        expect(results[t]!.observations[i]).toEqual(single.reset({ seed: seedsAt(t)[i]! }).observation);
      });
      expect(ends).toBeGreaterThan(1);
    }
  });

  it('names in a fault the seed that the episode began from within a step', async () => {
    const vector = await faultyVector({ fault: 'throw', at: 7, only: 204 }, 2);
    await vector.reset({ seed: [1, 2] });
    const failed = await goOn(vector, 1, 9, (t) => [100 + t, 200 + t]).catch((error: unknown) => error);
    expect((failed as Error).message).toContain('environment 1 of 2 (seed 204, step 3 since then)');
  });

  it('tells how long steps took, if one took more than one', async () => {
    const vector = await faultyVector({}, 2);
    await vector.reset({ seed: 1 });
    const results = await goOn(vector, 1, 6);
    expect(results.map(({ durations }) => durations && [...durations])).toEqual([
      ...Array(4).fill(undefined),
      [3, 3],
    ]);
    expect(results[0]).not.toHaveProperty('durations');
  });

  it('says whether its environments keep running statistics', async () => {
    const make = (wrap: boolean) =>
      SyncVectorEnvironment.create(
        (i): Environment => (wrap && i === 1 ? new NormalizeObservation(limited(9)()) : limited(9)()),
        2,
      );
    expect((await make(false)).keepsStatistics).toBe(false);
    expect((await make(true)).keepsStatistics).toBe(true);
  });

  it('keeps final observations and infos of episodes that end, and begins the next ones', async () => {
    const vector = await SyncVectorEnvironment.create(limited(2), 2);
    await vector.reset({ seed: [4, 9] });
    await vector.step([PUSH, PUSH]);
    const last = await vector.step([PUSH, PUSH]);
    expect(last.truncated).toEqual([true, true]);
    expect(last.terminated).toEqual([false, false]);
    const single = new Pendulum();
    single.reset({ seed: 9 });
    single.step(PUSH);
    expect(last.ends[1]!.observation).toEqual(single.step(PUSH).observation);
    expect(last.observations[1]).toEqual(single.reset().observation);
    expect((await vector.step([PUSH, PUSH])).ends).toEqual([null, null]);
  });

  it("carries the author's rewards where a wrapper changed them", async () => {
    const doubled = (index: number) =>
      index === 0 ? limited(3)() : new TransformReward(limited(3)(), (reward) => 2 * reward);
    const vector = await SyncVectorEnvironment.create(doubled, 2);
    await vector.reset({ seed: 4 });
    for (let t = 0; t < 4; t++) {
      const { rewards, originalRewards } = await vector.step([PUSH, PUSH]);
      expect(originalRewards![0]).toBe(rewards[0]);
      expect(originalRewards![1]).toBe(rewards[1]! / 2);
    }
    const plain = await SyncVectorEnvironment.create(limited(3), 2);
    await plain.reset({ seed: 4 });
    expect(await plain.step([PUSH, PUSH])).not.toHaveProperty('originalRewards');
  });

  it('begins with seed 0 when none was ever given, and goes on without one', async () => {
    const [first, second] = await Promise.all([1, 2].map(() => SyncVectorEnvironment.create(limited(9), 2)));
    const unseeded = await first!.reset();
    expect(unseeded).toEqual(await second!.reset({ seed: 0 }));
    expect(unseeded.observations[0]).not.toEqual(unseeded.observations[1]);
    const again = await first!.reset();
    expect(again).not.toEqual(unseeded);
    expect(again).toEqual(await second!.reset());
  });

  it('saves and restores all environments', async () => {
    const make = () => SyncVectorEnvironment.create(() => makeEnvironment(pendulum), 2);
    const [first, second] = [await make(), await make()];
    await drive(first, 30);
    const state = await first.getState!();
    const expected = await goOn(first, 30, 60);
    await second.setState!(state);
    expect(snapshotsEqual(await second.getState!(), state)).toBe(true);
    expect(await goOn(second, 30, 60)).toEqual(expected);
    const three = await SyncVectorEnvironment.create(() => makeEnvironment(pendulum), 3);
    await expect(three.setState!(state)).rejects.toThrow(SnapshotMismatchError);
    expect((await faultyVector({}, 2)).getState).toBeUndefined();
  });

  it('refuses calls that do not fit before anything moves', async () => {
    const vector = await SyncVectorEnvironment.create(limited(9), 2);
    await expect(vector.step([PUSH, PUSH])).rejects.toThrow(InvalidStateError);
    await expect(vector.reset({ seed: [1] })).rejects.toThrow(
      /seed: expected one for each of 2 environments, got 1/,
    );
    await expect(vector.reset({ seed: -1 })).rejects.toThrow(/seed\[0\]: expected an integer/);
    const start = await vector.reset({ seed: 3 });
    await expect(vector.step([PUSH, PUSH], { seeds: [1] })).rejects.toThrow(
      /seeds: expected one for each of 2 environments, got 1/,
    );
    await expect(vector.step([PUSH, PUSH], { seeds: [1, 0.5] })).rejects.toThrow(
      /seeds\[1\]: expected an integer/,
    );
    await expect(vector.step([PUSH])).rejects.toThrow(InvalidInputError);
    await expect(vector.step([PUSH, Float32Array.of(Number.NaN)])).rejects.toThrow(SpaceMismatchError);
    const { observations } = await vector.step([PUSH, PUSH]);
    const single = new Pendulum();
    expect(start.observations[0]).toEqual(single.reset({ seed: 3 }).observation);
    expect(observations[0]).toEqual(single.step(PUSH).observation);
  });

  it('closes its environments, and may be closed again', async () => {
    const made: Pendulum[] = [];
    const vector = await SyncVectorEnvironment.create(() => made[made.push(new Pendulum()) - 1]!, 2);
    await vector.close();
    await vector.close();
    await expect(vector.reset()).rejects.toThrow(InvalidStateError);
    for (const environment of made) expect(() => environment.reset()).toThrow(InvalidStateError);
  });

  it('reports the environment, seed and step of a fault, and closes all of them', async () => {
    const closings = new SharedArrayBuffer(4);
    const vector = await faultyVector({ fault: 'throw', at: 3, only: 12, closings }, 4);
    const failed = await drive(vector, 5, 10).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(EnvironmentFaultError);
    expect((failed as Error).message).toBe(
      'environment 2 of 4 (seed 12, step 3 since then) failed with RangeError: wheel came off. All of them have been closed.',
    );
    expect((failed as Error).cause).toBeInstanceOf(RangeError);
    expect(new Int32Array(closings)[0]).toBe(4);
    await expect(vector.reset()).rejects.toThrow(InvalidStateError);
    await vector.close();
  });

  it.each([
    [{ reward: '1' }, 'step returned the reward "1"; expected a finite number'],
    [{ reward: Number.NaN }, 'step returned the reward NaN'],
    [{ terminated: undefined, done: true }, 'step returned terminated undefined and done'],
    [{ observation: Float32Array.of(1) }, 'expected a flat list of 3 numbers'],
    [
      { observation: Float32Array.of(1, Number.NaN, 2) },
      'which is not finite: NaN at entry 1. Correct the environment. All of them',
    ],
  ])('reports a step that gives %o', async (change, problem) => {
    const vector = await SyncVectorEnvironment.create(() => {
      const environment = new Pendulum();
      const step = environment.step.bind(environment);
      environment.step = (action) => ({ ...step(action), ...change }) as ReturnType<typeof step>;
      return environment;
    }, 2);
    await vector.reset({ seed: 1 });
    await expect(vector.step([PUSH, PUSH])).rejects.toThrow(problem);
    await expect(vector.reset()).rejects.toThrow(InvalidStateError);
  });

  it('gives observations that stay, whatever array the environments share', async () => {
    const shared = new Float32Array(3);
    const make = (reuse: boolean) =>
      SyncVectorEnvironment.create(() => {
        const environment = new Pendulum();
        if (!reuse) return environment;
        const { reset, step } = environment;
        const inShared = <R extends { observation: BoxArray }>(result: R): R => {
          shared.set(result.observation);
          return { ...result, observation: shared };
        };
        environment.reset = (options) => inShared(reset.call(environment, options));
        environment.step = (action) => inShared(step.call(environment, action));
        return environment;
      }, 3);
    expect(await drive(await make(true), 20)).toEqual(await drive(await make(false), 20));
  });

  it('reports the fault even when an environment will not close', async () => {
    const vector = await faultyVector({ fault: 'close', at: 1, only: 5 }, 2);
    await expect(drive(vector, 1)).rejects.toThrow(/environment 0 of 2 .*wheel came off/);
  });

  it('closes what it made when another one cannot be made or is of another kind', async () => {
    const made: Pendulum[] = [];
    const failing = SyncVectorEnvironment.create((index) => {
      if (index === 1) throw new RangeError('no parts');
      return made[made.push(new Pendulum()) - 1]!;
    }, 2);
    await expect(failing).rejects.toThrow('no parts');
    expect(() => made[0]!.reset()).toThrow(InvalidStateError);
    const mixed = SyncVectorEnvironment.create(
      (index): Promise<Environment> => (index === 0 ? makeEnvironment(pendulum) : makeEnvironment(cartPole)),
      2,
    );
    await expect(mixed).rejects.toThrow(/environment 1: expected observations Box\(3, float32\) and actions/);
    await expect(SyncVectorEnvironment.create(limited(3), 0)).rejects.toThrow(InvalidInputError);
  });
});
