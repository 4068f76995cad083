import type { EnvironmentDefinition } from '@maxent/core';
import { pendulum } from '@maxent/envs';
import { describe, expectTypeOf, it } from 'vitest';
import { loadPolicy, train } from './index.js';

describe('training by name', () => {
  it('follows the names of the agent and the environment', async () => {
    const run = await train('sac', 'Pendulum-v1', {
      steps: 1,
      preset: 'quick-start',
      config: { hiddenSizes: [64] },
      environmentOptions: { gravity: 9.81 },
    });
    const policy = run.policy();
    expectTypeOf(policy.act([1, 0, 0])[0]).toEqualTypeOf<number | undefined>();
    // @ts-expect-error: an observation is a list of numbers.
    policy.act('x');
    // @ts-expect-error: there is no such environment.
    train('sac', 'Pendulum-v2', { steps: 1 });
    // @ts-expect-error: there is no such agent.
    train('sacc', 'Pendulum-v1', { steps: 1 });
    // @ts-expect-error: the setting is called hiddenSizes.
    train('sac', 'Pendulum-v1', { steps: 1, config: { hiddenSize: [64] } });
    // @ts-expect-error: SAC has no such preset.
    train('sac', 'Pendulum-v1', { steps: 1, preset: 'quick' });
    // @ts-expect-error: the pendulum has no such option.
    train('sac', 'Pendulum-v1', { steps: 1, environmentOptions: { slippery: true } });
    // @ts-expect-error: there is no such option.
    train('sac', 'Pendulum-v1', { steps: 1, sead: 1 });
    // @ts-expect-error: how long is not said.
    train('sac', 'Pendulum-v1', {});
    // @ts-expect-error: as above.
    train({});
  });

  it('knows what a policy takes and gives', async () => {
    const cartPole = await train('dqn', 'CartPole-v1', { steps: 1 });
    expectTypeOf(cartPole.policy().act([0, 0, 0, 0])).toEqualTypeOf<number>();
    const taxi = await train('q-learning', 'Taxi-v4', { steps: 1 });
    expectTypeOf(taxi.policy().act(3)).toEqualTypeOf<number>();
    // @ts-expect-error: an observation is a number.
    taxi.policy().act([3]);
    const cheetah = await train('sac', 'HalfCheetah-v5', { steps: 1 });
    expectTypeOf(cheetah.policy().act(new Float32Array(17))[0]).toEqualTypeOf<number | undefined>();
    const tasks = await train('pearl', 'HalfCheetah-Vel', { steps: 1 });
    expectTypeOf(tasks.policy().infer([]).mean).toEqualTypeOf<readonly number[]>();
    const loaded = await loadPolicy(new Uint8Array());
    loaded.act([1, 0, 0]);
    // @ts-expect-error: no observation is a text.
    loaded.act('x');
    const torques = await loadPolicy<Float32Array>(new Uint8Array());
    expectTypeOf(torques.act([1, 0, 0])[0]).toEqualTypeOf<number | undefined>();
    const choice = await loadPolicy<number>(new Uint8Array());
    expectTypeOf(choice.act([1, 0, 0])).toEqualTypeOf<number>();
  });

  it('takes definitions as well', () => {
    train('sac', pendulum, { steps: 1, environmentOptions: { gravity: 9.81 } });
    const environment: EnvironmentDefinition = pendulum;
    train('sac', environment, { steps: 1, environmentOptions: { anything: 1 } });
  });
});
