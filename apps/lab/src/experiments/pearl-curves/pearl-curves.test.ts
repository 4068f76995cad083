import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentDefinition } from '@maxent/core';
import { pearl } from '@maxent/meta';
import type { RunConfig } from '@maxent/training';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { holds } from '../../checks.js';
import { writeStoredRun } from '../../test-support/stored-run.js';
import { judgeFamilies } from './index.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'maxent-pearl-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** As plan.md has them. */
const FAMILIES = {
  'point-five-episodes': { id: 'PointRobot', steps: 44_000, every: 4000, episodes: 6, tasks: 20 },
  point: { id: 'PointRobot', steps: 44_000, every: 4000, episodes: 11, tasks: 20 },
  sparse: { id: 'SparsePointRobot', steps: 128_000, every: 8000, episodes: 20, tasks: 20 },
  'cheetah-dir': { id: 'HalfCheetah-Dir', steps: 100_000, every: 10_000, episodes: 3, tasks: 2 },
} as const;
const VARIANTS: Readonly<Record<string, object>> = {
  pearl: {},
  'paper-form': { valueNetwork: true, temperature: 1, rewardScale: 100, policyRegularization: 0.001 },
  oracle: { taskInput: 'told' },
  blind: { taskInput: 'none' },
};

interface Changes {
  readonly settings?: object;
  readonly steps?: number;
  readonly changes?: Partial<RunConfig>;
  /** Of the test tasks in the last episode; 1 or 0. */
  readonly successes?: readonly number[];
  /** Evaluations that are missing between the first and the last. */
  readonly missing?: number;
}

/** A finished run, every evaluation of which has this return of all test tasks in the last episode and -30 before. */
async function write(path: string, adapted: number, own: Changes = {}): Promise<void> {
  const { settings, changes, successes, missing = 0 } = own;
  const [family, variant] = path.split('/') as [keyof typeof FAMILIES, string];
  const { id, every, episodes, tasks } = FAMILIES[family];
  const { steps = FAMILIES[family].steps } = own;
  const returns = Array<number>(tasks).fill(adapted);
  const byEpisode = (last: readonly number[], before: number) =>
    last.map((value) => [...Array<number>(episodes - 1).fill(before), value]);
  const rows = Array.from({ length: Math.ceil(steps / every) }, (_, i) => ({
    ...{ type: 'evaluation', step: Math.min((i + 1) * every, steps), returnMean: adapted, returnStd: 0 },
    ...{ episodes: tasks, returns, lengths: returns.map(() => 20), wallSeconds: 60 * (i + 1) },
    adaptation: {
      explorationEpisodes: episodes - 1,
      returns: byEpisode(returns, -30),
      ...(successes && { successes: byEpisode(successes, 0) }),
    },
  }));
  rows.splice(1, missing);
  const preset = (pearl as AgentDefinition).presets?.[`two-core-${id}`];
  const agent = { name: 'pearl', config: { ...preset, ...VARIANTS[variant], ...settings } as object };
  const config = {
    agent: agent as RunConfig['agent'],
    ...{ environment: { id, options: {} }, family: true as const, steps, seed: Number(path.at(-1)) },
    ...{ evaluation: { every, episodes }, ...changes },
  };
  await writeStoredRun(join(directory, path), config, rows);
}

it('judges PEARL between its bounds, family by family', async () => {
  const succeeded = (count: number) => Array.from({ length: 20 }, (_, i) => (i < count ? 1 : 0));
  for (const seed of [1, 2, 3]) {
    await write(`point/pearl/seed${seed}`, -6 - seed);
    await write(`point/oracle/seed${seed}`, -6);
    await write(`point/blind/seed${seed}`, -16);
    await write(`cheetah-dir/pearl/seed${seed}`, [0, 40, 60, 80][seed]!);
    await write(`cheetah-dir/oracle/seed${seed}`, 100);
    await write(`cheetah-dir/blind/seed${seed}`, 0);
    await write(`sparse/pearl/seed${seed}`, -6, { successes: succeeded(seed === 1 ? 10 : 20) });
    await write(`sparse/blind/seed${seed}`, -6, { successes: succeeded(seed === 1 ? 10 : 0) });
  }
  await write('point/paper-form/seed1', -9);
  await write('point-five-episodes/pearl/seed1', -12, { settings: { explorationEpisodes: 5 } });
  const { checks, notes, pictures, table } = await judgeFamilies(directory);
  const value = (part: string) => checks.find(({ name }) => name.includes(part))!.value;
  // Returns of -7, -8 and -9 between -16 and -6.
  expect(value('PointRobot: way')).toBeCloseTo(0.8, 12);
  expect(value('success in the last episode')).toBeCloseTo(5 / 6, 12);
  expect(checks.find(({ name }) => name.includes('three times'))!.limit).toBeCloseTo(0.5, 12);
  expect(value('half way')).toBe(2);
  expect(checks.filter((check) => !holds(check)).every(({ name }) => name.startsWith('PointRobot'))).toBe(
    true,
  );
  expect(notes).toContain('training time of a seed, median: PointRobot, oracle: 11.0 minutes');
  expect(table).toContainEqual({
    ...{ family: 'PointRobot, 5 exploring episodes', variant: 'PEARL', seed: 1, score: -12 },
  });
  expect(Object.keys(pictures)).toHaveLength(9);
  expect(pictures['sparse/success-curves']).toMatch(/^<svg/);
});

it('names what is missing, leaves seeds out that are not planned, and does not judge without all', async () => {
  await write('point/pearl/seed1', -7);
  await write('point/pearl/seed4', -7);
  const { checks, missing, table } = await judgeFamilies(directory);
  expect(checks).toEqual([]);
  expect(table).toMatchObject([{ seed: 1, score: -7 }]);
  expect(missing!.join()).toContain('point/pearl/seed2,point/pearl/seed3,point/oracle/seed1');
  await rm(join(directory, 'point'), { recursive: true });
  await expect(judgeFamilies(directory)).rejects.toThrow('expected finished runs, found none');
});

it.each<[string, string, Changes, string]>([
  ['another weight', 'point/pearl', { settings: { klWeight: 0.1 } }, 'klWeight 0.01, got 0.1'],
  ['fewer exploring episodes', 'point/pearl', { settings: { explorationEpisodes: 5 } }, 'Episodes 10, got 5'],
  ['the task told', 'point/blind', { settings: { taskInput: 'told' } }, 'taskInput "none", got "told"'],
  ['other steps', 'sparse/pearl', { steps: 40_000 }, 'steps 128000, got 40000'],
  [
    'the other family',
    'point/pearl',
    { changes: { environment: { id: 'SparsePointRobot', options: {} } } },
    'environment "PointRobot", got "SparsePointRobot"',
  ],
  [
    'fewer episodes',
    'point/pearl',
    { changes: { evaluation: { every: 4000, episodes: 3 } } },
    '"episodes":3',
  ],
  ['an evaluation missing', 'point/pearl', { missing: 1 }, 'expected evaluations at every 4000 steps'],
])('refuses a run with %s', async (_, variant, own, message) => {
  await write(`${variant}/seed1`, -7, own);
  await expect(judgeFamilies(directory)).rejects.toThrow(message);
});
