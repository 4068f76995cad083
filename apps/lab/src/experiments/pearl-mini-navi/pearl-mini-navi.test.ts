import { selectBackend } from '@maxent/backend';
import { miniNaviFamily } from '@maxent/envs';
import { pearl } from '@maxent/meta';
import { describe, expect, it } from 'vitest';
import { holds } from '../../checks.js';
import { type FamilyTrainingRecord, trainOverTasks } from '../train-agent.js';
import { pearlMiniNavi } from './index.js';

/** A run whose last three evaluations have these returns of both episodes in two tasks, after a bad one. */
function record(seed: number, totals: readonly (readonly number[])[]): FamilyTrainingRecord {
  const evaluations = [[-1.2, -1.2], ...totals].map((both, i) => ({
    step: 5000 * (i + 1),
    returnMean: 0,
    returns: [0, 0],
    totals: both,
  }));
  return {
    agent: 'pearl',
    config: {},
    environment: 'MiniNavi',
    options: {},
    steps: 20_000,
    seed,
    evaluations,
  };
}

const conclude = (totals: readonly (readonly number[])[]) =>
  pearlMiniNavi.conclude(new Map([1, 2, 3].map((seed) => [`seed${seed}`, record(seed, totals)])));

describe('pearl-mini-navi', () => {
  it('scores the return in both episodes over the last three evaluations', () => {
    const { table, checks } = conclude([
      [2, 3],
      [3, 4],
      [1, 2],
    ]);
    expect(table[0]).toEqual({ agent: 'PEARL, seed 1', return: 2.5, 'standard error': 0.5 });
    expect(table.slice(3).map((row) => Number(row.return).toFixed(3))).toEqual(['6.720', '2.386', '8.040']);
    expect(checks.map(({ value, limit }) => [value, limit])).toEqual([
      [2.5, 2.1],
      [1.5, expect.closeTo(6.72, 12)],
    ]);
    expect(checks.every(holds)).toBe(true);
  });

  it.each([
    ['too little', [2, 2], [false, true]],
    ['more than is possible without cheating', [7, 7], [true, false]],
    ['more, within two standard errors', [4, 12], [true, true]],
  ])('judges %s', (_, totals, expected) => {
    expect(conclude([totals, totals, totals]).checks.map(holds)).toEqual(expected);
  });
});

it('a unit records what each test task gave in all of its episodes', async () => {
  await selectBackend();
  const lines: string[] = [];
  const { config, evaluations, environment } = await trainOverTasks(
    {
      agent: pearl,
      family: miniNaviFamily,
      config: { trainTasks: 5, testTasks: 5, hiddenSizes: [8], encoderHiddenSizes: [8] },
      steps: 120,
      seed: 96,
      evaluation: { every: 60, episodes: 2 },
    },
    (line) => void lines.push(line),
  );
  expect(environment).toBe('MiniNavi');
  expect(config).toMatchObject({ trainTasks: 5, explorationEpisodes: 1, nextObservationInContext: true });
  expect(evaluations.map(({ step }) => step)).toEqual([60, 120]);
  for (const { totals, returns, returnMean } of evaluations) {
    expect(totals).toHaveLength(5);
    expect(returnMean).toBeCloseTo(returns.reduce((sum, value) => sum + value, 0) / 5, 12);
    // A first episode between six steps off the goal and five on it.
    for (const [task, total] of totals.entries()) {
      expect(total - returns[task]!).toBeGreaterThan(-0.61);
      expect(total - returns[task]!).toBeLessThan(4.91);
    }
  }
  expect(lines.at(-1)).toMatch(/^step 120 of 120: mean return -?\d\S*, -?\d/);
});
