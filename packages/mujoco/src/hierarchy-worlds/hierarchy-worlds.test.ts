import { type Box, type Environment, parseConfig } from '@maxent/core';
import { checkEnvironment } from '@maxent/core/testing';
import { describe, expect, it } from 'vitest';
import { mujocoPlugin } from '../plugin.js';

const WORLDS = mujocoPlugin.environments!.filter(({ id }) => /Maze|MultiDirection|RandomGoal/.test(id));

async function make(id: string, options = {}): Promise<Environment> {
  const definition = WORLDS.find((world) => world.id === id)!;
  return definition.create(parseConfig(definition.options, options));
}

function constant(environment: Environment, value: number): Float64Array {
  return new Float64Array((environment.actionSpace as Box).flatSize).fill(value);
}

describe.each(WORLDS.map(({ id }) => id))('%s', (id) => {
  it('keeps the contract of environments', async () => {
    await checkEnvironment(() => make(id), { name: id, steps: 80 });
  });
});

describe('multi-direction worlds', () => {
  it.each([
    ['SwimmerMultiDirection-v0', 0, 0],
    ['AntMultiDirection-v0', 0.05, 0.005],
    ['HumanoidMultiDirection-v0', 0.2, 0.001],
  ])('%s pays speed in any direction', async (id, survive, cost) => {
    const environment = await make(id);
    environment.reset({ seed: 1 });
    const action = constant(environment, 0.3);
    for (let i = 0; i < 5; i++) {
      const { reward, info } = environment.step(action);
      const speed = Math.hypot(info.xVelocity as number, info.yVelocity as number);
      const contact = (info.rewardContact as number | undefined) ?? 0;
      expect(reward).toBeCloseTo(speed + survive - cost * action.length * 0.09 + contact, 10);
    }
    environment.close();
  });
});

describe('random-goal worlds', () => {
  it.each([
    ['SwimmerRandomGoal-v0', 5, Math.PI / 4],
    ['AntRandomGoal-v0', 25, Math.PI],
    ['HumanoidRandomGoal-v0', 5, Math.PI],
  ])('%s shows a goal on a circle and pays nearness', async (id, radius, angle) => {
    const environment = await make(id);
    environment.reset({ seed: 1 });
    const angles = Array.from({ length: 60 }, () => {
      const [x, y] = (environment.reset().observation as Float64Array).slice(-2) as unknown as [
        number,
        number,
      ];
      expect(Math.hypot(x, y)).toBeCloseTo(radius, 9);
      return Math.abs(Math.atan2(y, x));
    });
    expect(Math.max(...angles)).toBeLessThanOrEqual(angle);
    expect(Math.max(...angles)).toBeGreaterThan(0.85 * angle);
    const { info } = environment.step(constant(environment, 0));
    expect(info.rewardGoal).toBeCloseTo(0.3 * (radius - (info.goalDistance as number)), 12);
    environment.close();
  });
});

describe('AntMaze-v0', () => {
  /** Pushes an ant that floats above the ground along x and counts how far it comes. */
  async function reach(options: Record<string, unknown>) {
    const environment = await make('AntMaze-v0', options);
    environment.reset({ seed: 1 });
    const snapshot = environment.getState!();
    const physics = Object.keys(snapshot.arrays).find((name) => name.endsWith('physics'))!;
    // mjSTATE_INTEGRATION begins with the time, then positions, then velocities: vx is the 17th number.
    (snapshot.arrays[physics]!.data as Float64Array)[1 + 15] = -6;
    environment.setState!(snapshot);
    let farthest = 0;
    for (let i = 0; i < 30; i++) {
      const { info, terminated } = environment.step(constant(environment, 0));
      farthest = Math.min(farthest, info.xPosition as number);
      if (terminated) break;
    }
    environment.close();
    return farthest;
  }

  it('has walls that hold the ant', async () => {
    // West of the start is a wall, 1.5 m away; in a wide maze it is 15 m away.
    expect(await reach({})).toBeGreaterThan(-1.5);
    expect(await reach({ cellSize: 30 })).toBeLessThan(-1.5);
  });

  it.each([
    // The goal is one cell from the start, within its radius of 2 m or not; the ant starts within 0.1 m.
    [1.8, true],
    [2.2, false],
  ])('pays 1000 at the goal only, and ends there: cells of %f m', async (cellSize, reached) => {
    const environment = await make('AntMaze-v0', { map: '####/#SG#/####', cellSize });
    environment.reset({ seed: 1 });
    const { reward, terminated, info } = environment.step(constant(environment, 0));
    expect((info.goalDistance as number) <= 2).toBe(reached);
    expect([reward, terminated, info.goalReached]).toEqual([reached ? 1000 : 0, reached, reached]);
    environment.close();
  });

  it('observes the goal where there are several', async () => {
    const sizes = await Promise.all(
      [{}, { map: 'cross' }, { map: 'cross', goal: 0 }].map(async (options) => {
        const environment = await make('AntMaze-v0', options);
        const size = (environment.observationSpace as Box).flatSize;
        environment.close();
        return size;
      }),
    );
    expect(sizes).toEqual([29, 31, 29]);
  });
});
