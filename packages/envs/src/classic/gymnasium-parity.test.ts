import { type Environment, type Snapshot, sizeOf } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import acrobotFixture from '../fixtures/acrobot.json' with { type: 'json' };
import cartPoleFixture from '../fixtures/cart-pole.json' with { type: 'json' };
import mountainCarFixture from '../fixtures/mountain-car.json' with { type: 'json' };
import resetFixture from '../fixtures/reset-statistics.json' with { type: 'json' };
import { readFixture } from '../test-support/read-fixture.js';
import { Acrobot } from './acrobot.js';
import { CartPole } from './cart-pole.js';
import { MountainCar } from './mountain-car.js';
import { MountainCarContinuous } from './mountain-car-continuous.js';
import { Pendulum } from './pendulum.js';

/** Written by apps/lab/peers/gymnasium_classic_fixtures.py with the real Gymnasium. */
interface Trajectory {
  readonly state: readonly number[];
  readonly actions: readonly (number | readonly number[])[];
  /** Of Box actions: 'float32' or 'float64'. */
  readonly precision?: string;
  readonly observations: readonly (readonly number[])[];
  readonly rewards: readonly number[];
  readonly terminated: readonly boolean[];
}

interface Trajectories<Option extends string> {
  readonly trajectories: readonly (Trajectory & { readonly [Name in Option]: number })[];
}

const pendulumFixture = readFixture<Trajectories<'gravity'>>('pendulum');
const mountainCarContinuousFixture = readFixture<Trajectories<'goalVelocity'>>('mountain-car-continuous');

/** Puts the environment where the recorded trajectory starts. */
function startAt(environment: Environment, state: readonly number[]): void {
  environment.reset({ seed: 0 });
  const snapshot = environment.getState!();
  const data = Float64Array.from({ length: sizeOf(snapshot.arrays.state!.shape) }, (_, i) => state[i] ?? 0);
  const start: Snapshot = { ...snapshot, arrays: { state: { shape: [data.length], data } } };
  environment.setState!(start);
}

function replay(environment: Environment, recorded: Trajectory): Trajectory {
  startAt(environment, recorded.state);
  const ActionArray = recorded.precision === 'float64' ? Float64Array : Float32Array;
  const steps = recorded.actions.map((action) =>
    environment.step(typeof action === 'number' ? action : ActionArray.from(action)),
  );
  return {
    ...recorded,
    observations: steps.map(({ observation }) => Array.from(observation as Float32Array)),
    rewards: steps.map(({ reward }) => reward),
    terminated: steps.map(({ terminated }) => terminated),
  };
}

/** Observations are float32 and equal to the last bit; rewards are doubles that carry rounding of sin and cos. */
function expectAgreement(replayed: Trajectory, recorded: Trajectory): void {
  expect(replayed.observations).toEqual(recorded.observations);
  expect(replayed.terminated).toEqual(recorded.terminated);
  const gaps = replayed.rewards.map((reward, t) => Math.abs(reward - recorded.rewards[t]!));
  expect(Math.max(...gaps)).toBeLessThan(1e-9);
}

describe('parity with Gymnasium, whole trajectories', () => {
  it.each(pendulumFixture.trajectories)('Pendulum-v1 from $state, $precision actions', (recorded) => {
    expectAgreement(replay(new Pendulum({ gravity: recorded.gravity }), recorded), recorded);
  });

  it.each(cartPoleFixture.trajectories)('CartPole-v1 from $state', (recorded) => {
    const { suttonBartoReward } = recorded;
    expectAgreement(replay(new CartPole({ suttonBartoReward }), recorded), recorded);
  });

  it.each(mountainCarFixture.trajectories)('MountainCar-v0 from $state', (recorded) => {
    const { goalVelocity } = recorded;
    expectAgreement(replay(new MountainCar({ goalVelocity }), recorded), recorded);
  });

  it.each(mountainCarContinuousFixture.trajectories)(
    'MountainCarContinuous-v0 from $state, $precision actions',
    (recorded) => {
      const { goalVelocity } = recorded;
      expectAgreement(replay(new MountainCarContinuous({ goalVelocity }), recorded), recorded);
    },
  );
});

describe('parity with Gymnasium, Acrobot-v1', () => {
  it.each(acrobotFixture.trajectories)('step by step from $states.0', (recorded) => {
    const environment = new Acrobot();
    recorded.actions.forEach((action, t) => {
      startAt(environment, recorded.states[t]!);
      const { observation, reward, terminated } = environment.step(action);
      const next = environment.getState().arrays.state!.data;
      recorded.states[t + 1]!.forEach((expected, i) => {
        expect(Math.abs(next[i]! - expected)).toBeLessThan(1e-12);
      });
      recorded.observations[t]!.forEach((expected, i) => {
        expect(Math.abs(observation[i]! - expected)).toBeLessThanOrEqual(2e-6);
      });
      expect([reward, terminated]).toEqual([recorded.rewards[t], recorded.terminated[t]]);
    });
  });

  it.each(acrobotFixture.trajectories)('along 20 steps from $states.0', (recorded) => {
    const environment = new Acrobot();
    startAt(environment, recorded.states[0]!);
    recorded.actions.slice(0, 20).forEach((action, t) => {
      const { observation } = environment.step(action);
      recorded.observations[t]!.forEach((expected, i) => {
        expect(Math.abs(observation[i]! - expected)).toBeLessThan(1e-5);
      });
    });
  });
});

describe('parity with Gymnasium, first observations', () => {
  it.each([
    ['CartPole-v1', new CartPole()],
    ['Pendulum-v1', new Pendulum()],
    ['MountainCar-v0', new MountainCar()],
    ['MountainCarContinuous-v0', new MountainCarContinuous()],
    ['Acrobot-v1', new Acrobot()],
  ] as const)('%s starts as often where Gymnasium starts', (id, environment) => {
    const recorded = resetFixture.environments[id];
    environment.reset({ seed: 1 });
    const starts = Array.from({ length: recorded.resets }, () => environment.reset().observation);
    recorded.mean.forEach((mean, i) => {
      const entries = starts.map((observation) => observation[i]!);
      const found = entries.reduce((sum, entry) => sum + entry, 0) / entries.length;
      const deviation = Math.sqrt(entries.reduce((sum, x) => sum + (x - found) ** 2, 0) / entries.length);
      const recordedDeviation = recorded.deviation[i]!;
      // Five standard errors of the difference of two means, and of two standard deviations of bounded entries.
      const error = 5 * recordedDeviation * Math.sqrt(2 / recorded.resets);
      expect(Math.abs(found - mean)).toBeLessThanOrEqual(error);
      expect(Math.abs(deviation - recordedDeviation)).toBeLessThanOrEqual(error);
      const range = recorded.largest[i]! - recorded.least[i]!;
      expect(Math.abs(Math.min(...entries) - recorded.least[i]!)).toBeLessThanOrEqual(0.02 * range);
      expect(Math.abs(Math.max(...entries) - recorded.largest[i]!)).toBeLessThanOrEqual(0.02 * range);
    });
  });
});
