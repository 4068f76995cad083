import { join } from 'node:path';
import { parseConfig } from '@maxent/core';
import type { RunConfig } from '@maxent/training';
import { beforeEach, expect, it } from 'vitest';
import { holds } from '../../checks.js';
import { writeStoredRun } from '../../test-support/stored-run.js';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';
import {
  ANT,
  ANT_FIXED,
  CHEETAH,
  CROSSQ_HUMANOID,
  DIRECTION,
  HUMANOID,
  type PlannedCurve,
  SAC_CHEETAH,
  VELOCITY,
} from './curves.js';
import { evidence, judgeEvidence } from './index.js';
import { lead, PARTS } from './parts.js';

let directory: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
});

interface Changes {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly evaluation?: RunConfig['evaluation'];
  /** Seed in config.json. */
  readonly configured?: number;
  readonly checkpoint?: number;
  readonly environment?: string;
  readonly level?: RunConfig['level'];
  /** Evaluations that are missing at the end. */
  readonly missing?: number;
}

const LOWEST = { below: 0, sees: null, every: 1 };
const CONTINUED = { below: 1, sees: null, every: 1, continued: 1 };

/** A seed as `maxent train` keeps it for the commands in plan.md: an hour on one thread for each run, with this score. */
async function write(curve: PlannedCurve, seed: number, score: number, changes: Changes = {}): Promise<void> {
  const { name, steps, levels, from } = curve;
  const place = join(directory, name, `seed${seed}`);
  if (levels !== undefined) {
    for (const [i, { steps, level }] of levels.entries()) {
      await writeRun(join(place, `level-${i}`), curve, { seed, score, steps, level }, changes);
    }
  } else if (from !== undefined) {
    await writeRun(place, curve, { seed, score, steps: steps - from, level: CONTINUED }, changes);
  } else await writeRun(place, curve, { seed, score, steps, level: undefined }, changes);
}

async function writeRun(
  place: string,
  curve: PlannedCurve,
  planned: { seed: number; score: number; steps: number; level: RunConfig['level'] },
  changes: Changes,
): Promise<void> {
  const { agent, from } = curve;
  const { steps, seed, score } = planned;
  const { evaluation = curve.evaluation, missing = 0, level = planned.level } = changes;
  const config = parseConfig(agent.config, { ...curve.settings, ...changes.settings });
  const tasks = agent.name === 'pearl' ? Number((config as { testTasks: number }).testTasks) : undefined;
  const due = Math.ceil(steps / evaluation.every) - missing;
  const rows = Array.from({ length: due }, (_, i) => ({
    ...{ type: 'evaluation', step: Math.min((i + 1) * evaluation.every, steps), returnStd: 0 },
    // The last three have this mean.
    returnMean: tasks === undefined && i >= due - 3 ? score + 30 * (due - 2 - i) : -1,
    ...{ episodes: evaluation.episodes, wallSeconds: (3600 * (i + 1)) / due },
    returns: Array(tasks ?? evaluation.episodes).fill(score),
    lengths: Array(tasks ?? evaluation.episodes).fill(1000),
    ...(tasks !== undefined && {
      adaptation: {
        explorationEpisodes: 2,
        returns: Array(tasks).fill([-500, -500, ...Array(evaluation.episodes - 2).fill(score)]),
      },
    }),
  }));
  await writeStoredRun(
    place,
    {
      agent: { name: agent.name, config: config as RunConfig['agent']['config'] },
      environment: { id: changes.environment ?? curve.environment.id, options: {} },
      ...{ steps, seed: changes.configured ?? seed, evaluation },
      ...(tasks !== undefined && { family: true as const }),
      ...(level !== undefined && { level }),
      ...(from !== undefined && { from: { run: '../one-level', checkpoint: changes.checkpoint ?? from } }),
      provenance: {
        ...{ startedAt: '2030-01-01T00:00:00Z', versions: {}, machine: {}, backend: { threads: 1 } },
      } as RunConfig['provenance'],
    },
    rows,
  );
}

/** All seeds of a curve, spread around a mean score. */
async function writeCurve(curve: PlannedCurve, score: number, spread = 0.1): Promise<void> {
  for (const [i, seed] of curve.seeds.entries()) {
    await write(curve, seed, curve.seeds.length === 1 ? score : score * (1 + spread * (i - 1)));
  }
}

const verdicts = async () =>
  (await judgeEvidence(directory)).checks.map(({ name, ...check }) => [
    name,
    check.value,
    holds({ name, ...check }),
  ]);

it('shows the whole plan before anything has run', async () => {
  const { table, checks, missing, pictures, furtherTables } = await judgeEvidence(directory);
  expect(table).toHaveLength(71);
  expect(new Set(table.map(({ state }) => state))).toEqual(new Set(['not run']));
  expect(table[0]).toEqual({
    ...{ curve: 'sac-half-cheetah', variant: 'sac', environment: 'HalfCheetah-v5', steps: 1_000_000 },
    ...{ seed: 1, state: 'not run', score: '', 'wall hours': '', 'core-hours': '' },
  });
  expect(missing).toHaveLength(table.length);
  expect([checks, pictures, furtherTables]).toEqual([[], {}, {}]);
  expect(new Set(table.map(({ curve, seed }) => `${curve} ${seed}`)).size).toBe(table.length);
});

it('tells what runs from what is done, and judges a part once all of it is done', async () => {
  await write(SAC_CHEETAH, 1, 10_000);
  await write(SAC_CHEETAH, 2, 11_000);
  await write(SAC_CHEETAH, 3, 12_000, { missing: 1 });
  const { table, checks, pictures, missing } = await judgeEvidence(directory);
  expect(table.slice(0, 3).map(({ state, score, 'core-hours': hours }) => [state, score, hours])).toEqual([
    ['done', 10_000, 1],
    ['done', 11_000, 1],
    ['running', '', ''],
  ]);
  expect(checks).toEqual([]);
  expect(missing?.[0]).toBe('sac-half-cheetah/seed3');
  expect(Object.keys(pictures)).toEqual(['sac-half-cheetah']);
  await write(SAC_CHEETAH, 3, 12_000);
  expect(await verdicts()).toEqual([
    ['sac on HalfCheetah-v5: mean score', 11_000, true],
    ['sac on HalfCheetah-v5: mean score', 11_000, true],
  ]);
});

it.each([
  [8900, [false, true]],
  [12_600, [true, false]],
])('a mean of %d is outside of the published band', async (score, expected) => {
  await writeCurve(SAC_CHEETAH, score);
  expect((await verdicts()).map(([, , held]) => held)).toEqual(expected);
});

it('judges every part by its rule', async () => {
  await writeCurve(SAC_CHEETAH, 11_000);
  await writeCurve(CROSSQ_HUMANOID, 8500);
  for (const curve of Object.values(ANT)) await writeCurve(curve, 5000);
  await writeCurve(ANT_FIXED.oneLevel, 2000);
  await writeCurve(ANT_FIXED.twoLevels, 4000);
  await writeCurve(ANT_FIXED.control, 4000);
  await writeCurve(CHEETAH.oneLevel, 4000);
  await writeCurve(CHEETAH.twoLevels, 3800);
  for (const family of [DIRECTION, VELOCITY]) {
    await writeCurve(family.blind, 100, 0);
    await writeCurve(family.oracle, 900, 0);
    for (const [i, score] of [499, 501, 800].entries()) await write(family.pearl, i + 1, score);
  }
  for (const curve of Object.values(HUMANOID)) await writeCurve(curve, 5000);
  expect(await verdicts()).toEqual([
    ['sac on HalfCheetah-v5: mean score', 11_000, true],
    ['sac on HalfCheetah-v5: mean score', 11_000, true],
    ['crossq on Humanoid-v5: mean score (public mean on v4: 9039)', 8500, true],
    ['Ant-v5, learned temperature: two continued levels over one, in standard errors', 0, true],
    [
      'Ant-v5, temperature 1: two levels over one, in standard errors',
      // Variances 200^2 and 400^2, of three seeds each.
      expect.closeTo(2000 / Math.sqrt((200 ** 2 + 400 ** 2) / 3), 9),
      true,
    ],
    [
      'Ant-v5, temperature 1: two levels over one at twice the reward scale, in standard errors',
      ...[0, true],
    ],
    [
      'HalfCheetah-v5, 100,000 steps: mean score of two continued levels over that of one',
      ...[expect.closeTo(0.95, 12), true],
    ],
    ['HalfCheetah-Dir: seeds at least half way from task-blind to oracle', 2, true],
    ['HalfCheetah-Vel, held-out velocities: seeds at least half way from task-blind to oracle', 2, true],
    ['Humanoid-v5: two continued levels over one, in standard errors', 0, true],
  ]);
  const { furtherTables, pictures } = await judgeEvidence(directory);
  expect(furtherTables?.['Means over seeds']).toContainEqual({
    ...{ curve: 'pearl-direction/pearl', seeds: 3, 'mean score': 600 },
  });
  expect(Object.keys(pictures)).toEqual(Object.keys(PARTS).slice(0, 8));
});

it.each([
  ['two levels worse than one', ANT_FIXED.oneLevel, 3900, 4000, 4200],
  ['two levels worse than the control', ANT_FIXED.control, 4000, 2000, 6000],
] as const)('%s fail', async (_, failing, two, one, control) => {
  await writeCurve(ANT_FIXED.oneLevel, one);
  await writeCurve(ANT_FIXED.twoLevels, two);
  await writeCurve(ANT_FIXED.control, control);
  const failed = (await verdicts()).flatMap(([name, , held]) => (held ? [] : [name]));
  expect(failed).toHaveLength(1);
  expect(`${failed[0]}`.includes('twice the reward scale')).toBe(failing === ANT_FIXED.control);
});

it('a lead is in standard errors of the difference', () => {
  expect(lead([3, 5, 7], [1, 2, 3])).toBeCloseTo(3 / Math.sqrt(4 / 3 + 1 / 3), 12);
});

it('draws a level that goes on from a checkpoint behind it', async () => {
  await write(ANT.twoLevels, 1, 5000);
  const { pictures } = await judgeEvidence(directory);
  expect(pictures['levels-ant']).toContain('<title>550k:');
  expect(pictures['levels-ant']).not.toContain('<title>500k:');
});

it.each<[string, PlannedCurve, Changes]>([
  ['expected seed 1, got 4', SAC_CHEETAH, { configured: 4 }],
  ['expected learningStarts 10000, got 100', SAC_CHEETAH, { settings: { learningStarts: 100 } }],
  ['expected environment "HalfCheetah-v5", got "Hopper-v5"', SAC_CHEETAH, { environment: 'Hopper-v5' }],
  ['expected evaluation', SAC_CHEETAH, { evaluation: { every: 50_000, episodes: 5 } }],
  ['expected checkpoint 500000, got 450000', ANT.twoLevels, { checkpoint: 450_000 }],
  ['expected level', ANT.twoLevels, { level: { below: 1, sees: null, every: 1 } }],
  ['expected level', ANT_FIXED.twoLevels, { level: LOWEST }],
  ['expected rewardScale 10, got 5', ANT_FIXED.control, { settings: { rewardScale: 5 } }],
  ['expected taskInput "none", got "told"', DIRECTION.blind, { settings: { taskInput: 'told' } }],
])('refuses a run of another plan: %s', async (message, curve, changes) => {
  await write(curve, 1, 100, changes);
  await expect(judgeEvidence(directory)).rejects.toThrow(message);
});

it('says what is claimed and where its runs are', () => {
  expect(evidence.directory).toBe('evidence');
  expect(evidence.claim).toContain('HalfCheetah-v5');
});
