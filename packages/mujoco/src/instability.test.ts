import type { BoxArray, Environment, StepResult } from '@maxent/core';
import { makeEnvironment } from '@maxent/envs';
import { describe, expect, it } from 'vitest';
import { halfCheetah } from './environments/half-cheetah.js';
import type { MujocoEnvironment } from './mujoco-environment.js';
import { mujocoPlugin } from './plugin.js';

/** The MuJoCo environment inside of wrappers. */
function robotOf(environment: Environment): MujocoEnvironment {
  let inner = environment;
  while ('inner' in inner) inner = inner.inner as Environment;
  return inner as MujocoEnvironment;
}

/** Steps without torque from velocities that no physics can follow, until the episode ends. */
function destroy(environment: Environment): { before: BoxArray; last: StepResult<BoxArray> } {
  environment.reset({ seed: 1 });
  const robot = robotOf(environment);
  const { qpos, qvel } = robot.getPhysicsState();
  robot.setPhysicsState({ qpos, qvel: qvel.map((_, i) => (i % 2 === 0 ? 9e9 : -9e9)) });
  const action = new Float32Array(environment.actionSpace.flatSize);
  let before: BoxArray = robot.observe();
  for (let step = 0; step < 50; step++) {
    const last = environment.step(action) as StepResult<BoxArray>;
    if (last.terminated || last.truncated) return { before, last };
    before = robot.observe();
  }
  throw new Error('the simulation was not unstable');
}

describe('a simulation that becomes unstable', () => {
  it.each(mujocoPlugin.environments!.map((definition) => [definition.id, definition] as const))(
    'ends the episode of %s, says why, and gives finite numbers',
    async (_, definition) => {
      const environment = await makeEnvironment(definition);
      const { last } = destroy(environment);
      if (!last.truncated) expect(last.terminated).toBe(true);
      else expect(last.info.instability).toMatch(/^BADQ(POS|VEL|ACC)$/);
      expect(Number.isFinite(last.reward)).toBe(true);
      expect([...last.observation].every(Number.isFinite)).toBe(true);
      environment.reset({ seed: 1 });
      const action = new Float32Array(environment.actionSpace.flatSize);
      expect(environment.step(action).info).not.toHaveProperty('instability');
      environment.close();
    },
  );

  it('is back where it was, and earns nothing for a jump', async () => {
    const environment = (await makeEnvironment(halfCheetah)) as Environment<BoxArray, BoxArray>;
    const { before, last } = destroy(environment);
    expect(last).toMatchObject({ terminated: false, truncated: true, info: { instability: 'BADQACC' } });
    expect([...last.observation]).toEqual([...before]);
    expect(last.info.xVelocity).toBe(0);
    expect(last.reward).toBeCloseTo(0, 12);
    expect(() => environment.step(new Float32Array(6))).toThrow(/reset/);
    environment.close();
  });

  it.each([
    ['in the middle of an episode', 7, 0],
    ['in the middle of an episode', 7, -0.3],
    ['in the first step', 0, 0],
    ['in the first step', 0, -0.3],
  ])('is noticed %s, after %i steps, with the controls at %f', async (_, steps, control) => {
    const environment = (await makeEnvironment(halfCheetah)) as Environment<BoxArray, BoxArray>;
    const robot = robotOf(environment);
    // All but one are 0.
    const action = Float32Array.of(0, 0, control, 0, 0, 0);
    for (const [array, instability] of [
      ['qvel', 'BADQVEL'],
      ['qpos', 'BADQPOS'],
    ] as const) {
      environment.reset({ seed: 1 });
      for (let step = 0; step < steps; step++) {
        expect(environment.step(action)).toMatchObject({ truncated: false });
      }
      robot.simulation.arrays[array][1] = 1e11;
      const { truncated, info } = environment.step(action);
      expect({ truncated, instability: info.instability }).toEqual({ truncated: true, instability });
    }
    environment.close();
  });

  it('ends episodes of families of tasks', async () => {
    for (const definition of mujocoPlugin.taskFamilies!) {
      const family = await definition.create(definition.options.parse({}));
      const [task] = family.split({ trainCount: 1, testCount: 1, seed: 1 }).train;
      const environment = await family.create(task);
      const { last } = destroy(environment);
      if (last.truncated) expect(last.info.instability).toMatch(/^BADQ/);
      expect(Number.isFinite(last.reward)).toBe(true);
      environment.close();
    }
  });

  it('is refused as a beginning', async () => {
    const environment = robotOf(await makeEnvironment(halfCheetah));
    const { qpos, qvel } = environment.getPhysicsState();
    qvel[2] = 2e10;
    expect(() => environment.setPhysicsState({ qpos, qvel })).toThrow(/^qvel\[2\]: .* got 20000000000/);
    environment.close();
  });
});
