import { type Box, type Environment, type Info, parseConfig, type TaskFamily } from '@maxent/core';
import { checkEnvironment, checkTaskFamily } from '@maxent/core/testing';
import { describe, expect, it } from 'vitest';
import { mujocoPlugin } from '../plugin.js';

async function make(id: string, options = {}): Promise<TaskFamily> {
  const definition = mujocoPlugin.taskFamilies!.find((family) => family.id === id)!;
  return definition.create(parseConfig(definition.options, options));
}

const SPLIT = { trainCount: 3, testCount: 2, seed: 1 };

/** Returns an action of zeros. */
function stillOf(environment: Environment): Float64Array {
  return new Float64Array((environment.actionSpace as Box).flatSize);
}

describe.each(mujocoPlugin.taskFamilies!.map(({ id }) => id))('%s', (id) => {
  it('keeps the contracts of task families and environments', async () => {
    const family = await make(id);
    await checkTaskFamily(family);
    const { train } = family.split(SPLIT);
    await checkEnvironment(() => family.create(train[0]), { name: id, steps: 60 });
  });

  it('ends episodes after 200 steps at the latest', async () => {
    const family = await make(id);
    const environment = await family.create(family.split(SPLIT).train[0]);
    environment.reset({ seed: 1 });
    let steps = 0;
    for (let ended = false; !ended; steps++) {
      const { terminated, truncated } = environment.step(stillOf(environment));
      ended = terminated || truncated;
      expect(truncated).toBe(steps === 199);
    }
    expect(steps).toBeLessThanOrEqual(family.maxEpisodeSteps);
    environment.close();
  });

  it('pays differently for different tasks', async () => {
    const family = await make(id);
    const { train } = family.split(SPLIT);
    const rewards = [];
    for (const task of train.slice(0, 2)) rewards.push((await rollOut(await family.create(task), 5)).rewards);
    expect(rewards[0]).not.toEqual(rewards[1]);
  });
});

/** Returns rewards and infos of a few steps with the same action, and the first observation. */
async function rollOut(environment: Environment, steps: number, action = 0.3) {
  const { observation } = environment.reset({ seed: 2 });
  const constant = stillOf(environment).fill(action);
  const results = Array.from({ length: steps }, () => environment.step(constant));
  environment.close();
  return {
    observation: observation as Float64Array,
    rewards: results.map(({ reward }) => reward),
    infos: results.map(({ info }) => info as Info & Readonly<Record<string, number>>),
  };
}

describe('rewards', () => {
  it('of HalfCheetah-Vel are minus the error of the velocity, less the control cost', async () => {
    const { rewards, infos, observation } = await rollOut(
      await (await make('HalfCheetah-Vel')).create({ velocity: 1.5 }),
      4,
    );
    expect(observation).toHaveLength(20);
    infos.forEach(({ xVelocity }, i) => {
      expect(rewards[i]).toBeCloseTo(-Math.abs(xVelocity! - 1.5) - 0.05 * 6 * 0.09, 12);
    });
    const bare = await make('HalfCheetah-Vel', { observeTorso: false });
    expect((await rollOut(await bare.create({ velocity: 1.5 }), 4)).rewards).toEqual(rewards);
  });

  it('of HalfCheetah-Dir are the velocity forward or backward', async () => {
    const family = await make('HalfCheetah-Dir');
    const [forward, backward] = [
      await rollOut(await family.create({ direction: 1 }), 4),
      await rollOut(await family.create({ direction: -1 }), 4),
    ];
    forward.infos.forEach(({ xVelocity }, i) => {
      expect(forward.rewards[i]).toBeCloseTo(xVelocity! - 0.027, 12);
      expect(backward.rewards[i]).toBeCloseTo(-xVelocity! - 0.027, 12);
    });
  });

  it('of Ant-Dir are the velocity along the direction and Ant’s other terms', async () => {
    const family = await make('Ant-Dir', { directions: 'uniform' });
    const { rewards, infos, observation } = await rollOut(await family.create({ angle: 2 }), 4);
    expect(observation).toHaveLength(27);
    infos.forEach(({ xVelocity, yVelocity, rewardContact }, i) => {
      const along = Math.cos(2) * xVelocity! + Math.sin(2) * yVelocity!;
      expect(rewards[i]).toBeCloseTo(along + 1 - 0.5 * 8 * 0.09 + rewardContact!, 10);
    });
  });

  it('of Ant-Goal are minus the city-block distance to the goal', async () => {
    const { rewards, infos, observation } = await rollOut(
      await (await make('Ant-Goal')).create({ x: 1, y: -2 }),
      4,
    );
    expect(observation).toHaveLength(107);
    infos.forEach(({ xPosition, yPosition, rewardContact }, i) => {
      const distance = Math.abs(xPosition! - 1) + Math.abs(yPosition! + 2);
      expect(rewards[i]).toBeCloseTo(-distance - 0.1 * 8 * 0.09 + rewardContact!, 10);
    });
  });

  it('of Humanoid-Dir are 1.25 times the velocity along the direction and Humanoid’s other terms', async () => {
    const { rewards, infos } = await rollOut(await (await make('Humanoid-Dir')).create({ angle: 4 }), 4);
    infos.forEach(({ xVelocity, yVelocity, rewardContact }, i) => {
      const along = Math.cos(4) * xVelocity! + Math.sin(4) * yVelocity!;
      expect(rewards[i]).toBeCloseTo(1.25 * along + 5 - 0.1 * 17 * 0.09 + rewardContact!, 10);
    });
  });
});

describe('families of few tasks', () => {
  it('repeat them', async () => {
    expect((await make('HalfCheetah-Dir')).split(SPLIT)).toEqual({
      train: [{ direction: 1 }, { direction: -1 }, { direction: 1 }],
      test: [{ direction: 1 }, { direction: -1 }],
    });
    expect((await make('Ant-Dir')).split(SPLIT).test).toEqual([{ angle: 0 }, { angle: Math.PI }]);
  });
});

describe('random parameters', () => {
  it('are within 1.5^3 and 1.3^3, and descriptors within [-1, 1]', async () => {
    const family = await make('Hopper-Params');
    const { train } = family.split({ trainCount: 200, testCount: 1, seed: 3 });
    const masses = train.flatMap(({ bodyMass }) => bodyMass as number[]);
    const dampings = train.flatMap(({ dofDamping }) => dofDamping as number[]);
    expect(Math.max(...masses)).toBeLessThanOrEqual(1.5 ** 3);
    expect(Math.max(...masses)).toBeGreaterThan(1.5 ** 2.9);
    expect(Math.min(...masses)).toBeLessThan(1.5 ** -2.9);
    expect(Math.max(...dampings)).toBeLessThanOrEqual(1.3 ** 3);
    const numbers = train.flatMap((task) => family.descriptor(task));
    expect(Math.max(...numbers.map(Math.abs))).toBeLessThanOrEqual(1 + 1e-12);
  });

  it('equal to 1 change nothing, and heavier bodies fall no slower but move less', async () => {
    const family = await make('Walker2d-Params');
    const task = family.split(SPLIT).train[0] as Record<string, number[]>;
    const all = (factor: number) =>
      Object.fromEntries(Object.entries(task).map(([name, values]) => [name, values.map(() => factor)]));
    const plain = mujocoPlugin.environments!.find(({ id }) => id === 'Walker2d-v5')!;
    const original = await plain.create(parseConfig(plain.options, {}));
    const same = await rollOut(await family.create(all(1)), 20, 1);
    expect(same.rewards).toEqual((await rollOut(original, 20, 1)).rewards);
    const heavy = await rollOut(await family.create({ ...all(1), bodyMass: all(3).bodyMass! }), 20, 1);
    expect(heavy.rewards).not.toEqual(same.rewards);
  });

  it('that do not fit the model are refused by name', async () => {
    const family = await make('Hopper-Params');
    const [task] = family.split(SPLIT).train as [Record<string, number[]>];
    await expect(family.create({ ...task, bodyMass: [1] })).rejects.toThrow(
      'bodyMass: expected 5 entries, got 1',
    );
    const negative = task.dofDamping!.map((factor, i) => (i === 2 ? -1 : factor));
    await expect(family.create({ ...task, dofDamping: negative })).rejects.toThrow('dofDamping[2]: expected');
  });
});
