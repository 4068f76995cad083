import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunConfig } from '@maxent/training';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeStoredRun } from '../../test-support/stored-run.js';
import { antFigure } from '../lsp-curves-ant/index.js';
import { halfCheetahFigure, judgeVariants } from './index.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'maxent-levels-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** As `maxent train sac` and `lsp` keep it for the commands in plan.md. */
const sac = {
  ...{ hiddenSizes: [128, 128], batchSize: 128, discount: 0.99, targetRate: 0.005, criticCount: 2 },
  ...{ actorLearningRate: 0.0003, criticLearningRate: 0.0003, temperatureLearningRate: 0.0003 },
  ...{
    valueNetwork: false,
    rewardScale: 1,
    temperature: 'auto',
    initialTemperature: 1,
    targetEntropy: 'auto',
  },
  ...{ replayCapacity: 1_000_000, learningStarts: 10_000, trainEvery: 1, gradientSteps: 1 },
  maxGradientNorm: null,
};
const flow = { ...sac, couplingLayers: 2, couplingHiddenSize: 64, maximumLogScale: 5 };
const halfCheetah = {
  id: 'HalfCheetah-v5',
  options: {
    ...{ frameSkip: 5, forwardRewardWeight: 1, ctrlCostWeight: 0.1, resetNoiseScale: 0.1 },
    excludeCurrentPositionsFromObservation: true,
  },
};
const ant = { id: 'Ant-v5', options: {} };

interface Changes {
  readonly environment?: RunConfig['environment'];
  /** Of the agent. */
  readonly settings?: RunConfig['agent']['config'];
  readonly steps?: number;
  readonly evaluation?: RunConfig['evaluation'];
  /** Evaluations that are missing at the end. */
  readonly missing?: number;
  /** Episodes in each evaluation. */
  readonly episodes?: number;
  /** Actions of the level below per action of this level. */
  readonly every?: number;
}

/** A run in `<variant>/seed<N>`, or a level of one below it, whose last evaluations have these returns and others none. */
async function write(path: string, returns: readonly number[], changes: Changes = {}): Promise<void> {
  const [, variant, seed, level] = /^(.*)\/seed(\d+)(?:\/level-(\d))?$/.exec(path)!;
  const { environment = halfCheetah, settings, steps = level === undefined ? 100_000 : 50_000 } = changes;
  const { evaluation = { every: 10_000, episodes: 10 }, missing = 0, episodes = 10, every = 1 } = changes;
  const due = Math.ceil(steps / 10_000);
  const rows = Array.from({ length: due }, (_, i) => returns[i - due + returns.length] ?? 0)
    .slice(0, due - missing)
    .map((returnMean, i) => ({
      ...{ type: 'evaluation', step: Math.min(10_000 * (i + 1), steps), returnMean, returnStd: 0, episodes },
      ...{ returns: Array(episodes).fill(returnMean), lengths: Array(episodes).fill(1000), wallSeconds: 1 },
    }));
  const agent =
    variant === 'sac'
      ? { name: 'sac', config: { ...sac, ...settings } }
      : { name: 'lsp', config: { ...flow, ...settings } };
  await writeStoredRun(
    join(directory, path),
    {
      ...{ agent, environment, steps, seed: Number(seed), evaluation },
      ...(level !== undefined && { level: { below: Number(level), sees: null, every } }),
    },
    rows,
  );
}

it('scores the last three evaluations, over the levels of a hierarchy, and judges once all seeds are there', async () => {
  for (const seed of [1, 2, 3]) {
    await write(`sac/seed${seed}`, [100, 100, 100]);
    await write(`flow/seed${seed}`, [75 + seed, 80, 80]);
  }
  await write('two-levels/seed1/level-0', [30, 30, 30]);
  await write('two-levels/seed1/level-1', [30, 60, 90]);
  const { checks, missing, notes, table, pictures } = await judgeVariants(directory, halfCheetahFigure);
  // Means of (76, 80, 80), (77, 80, 80) and (78, 80, 80).
  expect(checks).toHaveLength(1);
  expect(checks[0]!.value).toBeCloseTo((76 + 77 + 78 + 6 * 80) / 900, 12);
  expect(table.slice(6)).toEqual([{ variant: 'two levels', seed: 1, score: 60 }]);
  expect(table.map(({ variant }) => variant)).toEqual([
    ...['Gaussian SAC', 'Gaussian SAC', 'Gaussian SAC'],
    ...['one level', 'one level', 'one level', 'two levels'],
  ]);
  expect(notes!.filter((note) => note.includes("of SAC's mean"))).toEqual([
    "one level: 0.790 of SAC's mean score",
  ]);
  expect(missing!.join()).toContain('two-levels/seed2,two-levels/seed3,two-levels-early/seed1');
  expect(pictures['learning-curves']).toMatch(/^<svg/);
});

it('leaves out what has not finished', async () => {
  await write('sac/seed1', [1, 2, 3]);
  await write('flow/seed1', [1, 2, 3], { missing: 1 });
  await write('two-levels/seed1/level-0', [1, 2, 3]);
  const { table, missing } = await judgeVariants(directory, halfCheetahFigure);
  expect(table).toHaveLength(1);
  expect(missing!.slice(0, 3)).toEqual(['sac/seed2', 'sac/seed3', 'flow/seed1']);
  await rm(join(directory, 'sac'), { recursive: true });
  await expect(judgeVariants(directory, halfCheetahFigure)).rejects.toThrow(
    'expected finished runs, found none',
  );
});

it('shows a single seed without judging it', async () => {
  for (const variant of ['sac', 'flow']) await write(`${variant}/seed1`, [1, 2, 3], { environment: ant });
  await write('four-couplings/seed1', [1, 2, 3], { environment: ant, settings: { couplingLayers: 4 } });
  for (const level of [0, 1]) await write(`two-levels/seed1/level-${level}`, [1, 2, 3], { environment: ant });
  const { checks, missing, notes, pictures } = await judgeVariants(directory, antFigure);
  expect([checks, missing]).toEqual([[], []]);
  expect(notes).toContain("two levels: 1.00 of SAC's mean score");
  expect(pictures['learning-curves']).toContain('Ant-v5');
});

it('knows when the second level was added, also between two evaluations', async () => {
  await write('two-levels-early/seed1/level-0', [1], { steps: 25_000 });
  await write('two-levels-early/seed1/level-1', [1, 2, 3], { steps: 75_000 });
  await write('two-levels-late/seed1/level-0', [1], { steps: 75_000 });
  await write('two-levels-late/seed1/level-1', [1, 2, 6], { steps: 25_000 });
  const { table } = await judgeVariants(directory, halfCheetahFigure);
  expect(table.map(({ score }) => score)).toEqual([2, 3]);
  await write('two-levels/seed1/level-0', [1], { steps: 25_000 });
  await write('two-levels/seed1/level-1', [1, 2, 3], { steps: 75_000 });
  await expect(judgeVariants(directory, halfCheetahFigure)).rejects.toThrow(
    /two-levels\/seed1\/level-0: expected steps 50000, got 25000/,
  );
});

it('scores the seeds that were fixed beforehand, and no others', async () => {
  for (const seed of [1, 2, 3, 4]) await write(`flow/seed${seed}`, [90]);
  for (const seed of [1, 2, 3]) await write(`sac/seed${seed}`, [90]);
  const { table, checks } = await judgeVariants(directory, halfCheetahFigure);
  expect(table.filter(({ variant }) => variant === 'one level')).toHaveLength(3);
  expect(checks).toMatchObject([{ value: 1, limit: 0.8 }]);
});

it.each<[string, Changes, string]>([
  ['in another environment', { environment: ant }, 'environment "HalfCheetah-v5", got "Ant-v5"'],
  [
    'in an easier one',
    { environment: { ...halfCheetah, options: { ...halfCheetah.options, ctrlCostWeight: 0 } } },
    'ctrlCostWeight 0.1, got 0',
  ],
  ['of other networks', { settings: { hiddenSizes: [256, 256] } }, 'hiddenSizes [128,128], got [256,256]'],
  ['of other minibatches', { settings: { batchSize: 256 } }, 'batchSize 128, got 256'],
  ['that learned earlier', { settings: { learningStarts: 1000 } }, 'learningStarts 10000, got 1000'],
  ['that learned faster', { settings: { criticLearningRate: 1e-3 } }, 'criticLearningRate 0.0003, got 0.001'],
  ['of more coupling layers', { settings: { couplingLayers: 4 } }, 'couplingLayers 2, got 4'],
  ['of more steps', { steps: 200_000 }, 'steps 100000, got 200000'],
  [
    'evaluated more often',
    { evaluation: { every: 5000, episodes: 10 } },
    'evaluation {"every":10000,"episodes":10}, got {"every":5000',
  ],
  ['evaluated by fewer episodes', { episodes: 5 }, '10 episodes in the evaluation at step 10000, got 5'],
])('refuses a run %s', async (_, changes, message) => {
  await write('flow/seed1', [1, 2, 3], changes);
  await expect(judgeVariants(directory, halfCheetahFigure)).rejects.toThrow(
    `${join(directory, 'flow/seed1')}: expected ${message}`,
  );
});

it('refuses a run of another agent, and an upper level that acts more slowly', async () => {
  await write('two-levels/seed1/level-0', [1]);
  await write('two-levels/seed1/level-1', [1], { every: 2 });
  await expect(judgeVariants(directory, halfCheetahFigure)).rejects.toThrow(
    /level-1: expected level {"below":1,"sees":null,"every":1}, got {"below":1,"sees":null,"every":2}/,
  );
  await write('sac/seed1', [1, 2, 3]);
  await rename(join(directory, 'sac'), join(directory, 'flow'));
  await expect(judgeVariants(directory, halfCheetahFigure)).rejects.toThrow(
    'expected agent "lsp", got "sac"',
  );
});
