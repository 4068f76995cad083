import { InvalidInputError, parseConfig, requireTask } from '@maxent/core';
import { checkEnvironment, checkTaskFamily } from '@maxent/core/testing';
import { describe, expect, it } from 'vitest';
import { miniNavi, miniNaviFamily } from './mini-navi.js';

const familyOf = async (options: object = {}) =>
  miniNaviFamily.create(parseConfig(miniNaviFamily.options, options));

describe('MiniNavi', () => {
  it('keeps the contracts of task families and environments', async () => {
    const family = await familyOf();
    await checkTaskFamily(family);
    await checkEnvironment(async () => family.create({ x: 2, y: 1 }), {
      name: family.id,
      deterministic: true,
    });
  });

  it('deals its five goals evenly, in another order for another seed', async () => {
    const family = await familyOf();
    const { train, test } = family.split({ trainCount: 500, testCount: 20, seed: 1 });
    const count = (tasks: readonly object[]) => {
      const counts: Record<string, number> = {};
      for (const task of tasks) counts[JSON.stringify(task)] = (counts[JSON.stringify(task)] ?? 0) + 1;
      return Object.values(counts);
    };
    expect(count(train)).toEqual([100, 100, 100, 100, 100]);
    expect(count(test)).toEqual([4, 4, 4, 4, 4]);
    const orders = [1, 2, 3, 4].map((seed) =>
      JSON.stringify(family.split({ trainCount: 5, testCount: 1, seed }).train),
    );
    expect(new Set(orders).size).toBeGreaterThan(1);
  });

  it('shares no goal between train and test tasks where there are enough', async () => {
    const { train, test } = (await familyOf({ size: 5 })).split({ trainCount: 15, testCount: 6, seed: 3 });
    expect(new Set([...train, ...test].map((goal) => JSON.stringify(goal))).size).toBe(21);
  });

  it('pays 1 for a step onto the goal and for staying there, and -0.1 for others', async () => {
    const environment = (await familyOf()).create({ x: 2, y: 1 });
    const [stay, up, right, down, left] = [0, 1, 2, 3, 4];
    const { observation } = environment.reset({ seed: 1 });
    // State 6 is at the bottom left, 5 at the right of the middle row.
    expect(observation).toBe(6);
    const steps = [left, right, up, right, stay, down].map((action) => environment.step(action!));
    expect(steps.map((step) => step.observation)).toEqual([6, 7, 4, 5, 5, 8]);
    expect(steps.map(({ reward }) => reward)).toEqual([-0.1, -0.1, -0.1, 1, 1, -0.1]);
    expect(steps.map(({ terminated, truncated }) => [terminated, truncated]).at(-1)).toEqual([false, true]);
  });

  it('has one task for each goal, as a process', () => {
    const { tasks, prior } = miniNavi({ size: 5 });
    expect([tasks.length, prior.length]).toEqual([21, 21]);
    expect(prior[0]).toBeCloseTo(1 / 21, 15);
    const goals = tasks.map(({ reward }) => Math.floor(reward.indexOf(1) / 5));
    expect(tasks.every(({ reward }) => reward.filter((value) => value === 1).length >= 3)).toBe(true);
    expect(goals.length).toBe(21);
  });

  it('takes its start, rewards and excluded cells from the options', async () => {
    const family = await familyOf({ start: [2, 2], excluded: [[2, 2]], goalReward: 5, stepReward: 0 });
    const environment = family.create({ x: 1, y: 2 });
    expect(environment.reset({ seed: 1 }).observation).toBe(2);
    expect(environment.step(4).reward).toBe(5);
    expect(environment.step(4).reward).toBe(0);
    expect(miniNavi({ excluded: [[2, 2]] }).tasks).toHaveLength(8);
  });

  it('refuses cells outside of the grid, a grid without goals, and tasks that are not goals', async () => {
    await expect(familyOf({ start: [0, 3] })).rejects.toThrow(
      'start: expected a cell of a 3 by 3 grid, got [0, 3]',
    );
    expect(() =>
      miniNavi({
        excluded: [
          [0, 0],
          [4, 0],
        ],
      }),
    ).toThrow('excluded[1]: expected a cell of a 3 by 3 grid');
    expect(() => miniNavi({ size: 2 })).toThrow(InvalidInputError);
    expect(() => miniNavi({ size: 2 })).toThrow('excluded: expected at least one cell that can be the goal');
    const family = await familyOf();
    expect(() => requireTask(family, { x: 0, y: 0 }, '--task')).toThrow(
      '--task: expected one of the goals (0, 2) (1, 2) (2, 0) (2, 1) (2, 2), got (0, 0)',
    );
    expect(() => requireTask(family, { x: 2, y: 2 }, '--task')).not.toThrow();
  });
});
