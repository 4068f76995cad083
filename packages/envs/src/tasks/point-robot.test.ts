import { parseConfig } from '@maxent/core';
import { checkEnvironment, checkTaskFamily } from '@maxent/core/testing';
import { describe, expect, it } from 'vitest';
import { PointRobot, pointRobotFamily, sparsePointRobotFamily } from './point-robot.js';

describe.each([pointRobotFamily, sparsePointRobotFamily])('$id', (definition) => {
  const family = () => Promise.resolve(definition.create(parseConfig(definition.options, {})));

  it('keeps the contracts of task families and environments', async () => {
    await checkTaskFamily(await family());
    const { train } = (await family()).split({ trainCount: 1, testCount: 1, seed: 1 });
    await checkEnvironment(async () => (await family()).create(train[0]!), {
      name: definition.id,
      deterministic: definition === sparsePointRobotFamily,
    });
  });

  it('draws other tasks for another seed, and the same first ones when more are asked for', async () => {
    const tasks = await family();
    const first = tasks.split({ trainCount: 5, testCount: 3, seed: 1 });
    expect(tasks.split({ trainCount: 5, testCount: 3, seed: 2 })).not.toEqual(first);
    const distinct = new Set([...first.train, ...first.test].map((goal) => JSON.stringify(goal)));
    expect(distinct.size).toBe(8);
    if (definition === pointRobotFamily) {
      expect(tasks.split({ trainCount: 9, testCount: 9, seed: 1 }).test.slice(0, 3)).toEqual(first.test);
    }
  });

  it('refuses a split without tasks', async () => {
    const tasks = await family();
    expect(() => tasks.split({ trainCount: 0, testCount: 1, seed: 1 })).toThrow('trainCount: expected');
    expect(() => tasks.split({ trainCount: 1, testCount: 1.5, seed: 1 })).toThrow('testCount: expected');
  });
});

describe('the sparse family', () => {
  it('spaces its goals evenly on the half circle', async () => {
    const family = await sparsePointRobotFamily.create(parseConfig(sparsePointRobotFamily.options, {}));
    const { train, test } = family.split({ trainCount: 3, testCount: 2, seed: 4 });
    const angles = [...train, ...test].map(({ x, y }) => Math.atan2(y, x)).sort((a, b) => a - b);
    angles.forEach((angle, i) => void expect(angle).toBeCloseTo((Math.PI * i) / 4, 12));
  });
});

describe('PointRobot', () => {
  const goal = { x: 0.3, y: 0 };
  const make = (reward: 'dense' | 'sparse') =>
    new PointRobot({ goal, reward, randomStart: false, goalRadius: 0.2 });

  it('pays minus the distance after the step, and clips displacements', () => {
    const environment = make('dense');
    environment.reset({ seed: 1 });
    const { reward, observation, info } = environment.step(Float32Array.of(5, 0));
    expect(Array.from(observation)).toEqual([Math.fround(0.1), 0]);
    expect(reward).toBeCloseTo(-0.2, 12);
    expect(info.rewardSparse).toBeCloseTo(0.8, 12);
  });

  it('pays nothing far from the goal when the reward is sparse', () => {
    const environment = make('sparse');
    environment.reset({ seed: 1 });
    expect(environment.step(Float32Array.of(0.05, 0)).reward).toBe(0);
    expect(environment.step(Float32Array.of(0.1, 0)).reward).toBeCloseTo(0.85, 6);
  });
});
