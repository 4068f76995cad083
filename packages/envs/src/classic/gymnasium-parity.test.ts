import { type Environment, type Snapshot, sizeOf } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import cartPoleFixture from '../fixtures/cart-pole.json' with { type: 'json' };
import mountainCarFixture from '../fixtures/mountain-car-continuous.json' with { type: 'json' };
import pendulumFixture from '../fixtures/pendulum.json' with { type: 'json' };
import { CartPole } from './cart-pole.js';
import { MountainCarContinuous } from './mountain-car-continuous.js';
import { Pendulum } from './pendulum.js';

/** Written by apps/bench/peers/gymnasium_classic_fixtures.py with the real Gymnasium. */
interface Trajectory {
  readonly state: readonly number[];
  readonly actions: readonly (number | readonly number[])[];
  /** Of Box actions: 'float32' or 'float64'. */
  readonly precision?: string;
  readonly observations: readonly (readonly number[])[];
  readonly rewards: readonly number[];
  readonly terminated: readonly boolean[];
}

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

  it.each(mountainCarFixture.trajectories)(
    'MountainCarContinuous-v0 from $state, $precision actions',
    (recorded) => {
      const { goalVelocity } = recorded;
      expectAgreement(replay(new MountainCarContinuous({ goalVelocity }), recorded), recorded);
    },
  );
});
