import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crossQ, softActorCritic } from '@maxent/agents';
import { parseConfig } from '@maxent/core';
import type { RunConfig } from '@maxent/training';
import { beforeEach, describe, expect, it } from 'vitest';
import { holds } from '../../checks.js';
import { judgeResults } from '../../judge/judge-experiment.js';
import { writeStoredRun } from '../../test-support/stored-run.js';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';
import { judgeSampleEfficiency, sampleEfficiency } from './index.js';
import {
  CROSSQ_VARIANTS,
  SAC_VARIANTS,
  SEEDS,
  SHARED_TASKS,
  sacWithLayerNorm,
  TASKS,
  type Task,
  type Variant,
} from './variants.js';

let directory: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
});

const [slow, fast] = SAC_VARIANTS;
const [narrow, wide] = CROSSQ_VARIANTS;
const withLayerNorm = sacWithLayerNorm(fast);

interface Changes extends Partial<Pick<RunConfig, 'steps' | 'evaluation' | 'envs' | 'evalMaxSteps'>> {
  /** Of the agent. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly options?: RunConfig['environment']['options'];
  readonly environment?: string;
  /** Seed in config.json. */
  readonly configured?: number;
  /** Evaluations that are missing at the end. */
  readonly missing?: number;
  readonly threads?: number;
}

/** Ten evaluations, the last three with this mean: an hour in all. */
const evaluationsOf = (score: number, missing = 0, episodes = 10) =>
  Array.from({ length: 10 - missing }, (_, i) => ({
    ...{ step: 10_000 * (i + 1), returnMean: i < 7 ? 0 : score + 30 * (i - 8), returnStd: 0, episodes },
    ...{
      returns: Array(episodes).fill(score),
      lengths: Array(episodes).fill(1000),
      wallSeconds: 360 * (i + 1),
    },
  }));

/** A run as `maxent train` keeps it for the variant's command. */
async function write(variant: Variant, task: Task, seed: number, score: number, changes: Changes = {}) {
  const {
    settings,
    options = {},
    environment = task,
    configured = seed,
    missing,
    threads = 1,
    ...own
  } = changes;
  const { evaluation = { every: 10_000, episodes: 10 } } = own;
  const config = parseConfig(variant.agent.config, { ...variant.settings, ...settings });
  await writeStoredRun(
    join(directory, `${variant.name}-${task}-seed${seed}`),
    {
      ...{ agent: { name: variant.agent.name, config: config as RunConfig['agent']['config'] } },
      ...{ environment: { id: environment, options }, steps: 100_000, seed: configured, ...own, evaluation },
      provenance: { startedAt: '2030-01-01T00:00:00Z', versions: {}, machine: {}, backend: { threads } },
    },
    evaluationsOf(score, missing, evaluation.episodes).map((row) => ({ type: 'evaluation', ...row })),
  );
}

type Scores = Partial<Record<Task, number>>;

/** The seeds' scores differ and have this mean. */
async function writeSeeds(variant: Variant, scores: Scores): Promise<void> {
  for (const [task, score] of Object.entries(scores) as [Task, number][]) {
    for (const seed of SEEDS) await write(variant, task, seed, score * (0.8 + 0.1 * seed));
  }
}

const [HALF_CHEETAH, HOPPER, WALKER, ANT] = TASKS;

/** All runs of the plan; sac is better at 1e-3, with 0.5 of public CrossQ on every task. */
async function writeAll(ratio: number): Promise<void> {
  const sac: Scores = { [HALF_CHEETAH]: 4056, [HOPPER]: 1382, [WALKER]: 1957, [ANT]: 600 };
  const of = (tasks: readonly Task[], factor: number): Scores =>
    Object.fromEntries(tasks.map((task) => [task, factor * sac[task]!]));
  await writeSeeds(slow, of(SHARED_TASKS, 0.9));
  await writeSeeds(fast, sac);
  await writeSeeds(withLayerNorm, of(SHARED_TASKS, 1.2));
  await writeSeeds(narrow, of(TASKS, ratio));
  await writeSeeds(wide, of(SHARED_TASKS, 2));
}

async function writePeer(task: Task, seed: number, score: number, hyperparameters: object = {}) {
  const place = join(directory, `sb3-contrib-256-${task}-seed${seed}`);
  const config = {
    ...{ peer: 'sb3-contrib', algorithm: 'CrossQ', environment: task, seed, steps: 100_000 },
    ...{ evaluateEvery: 10_000, episodes: 10, versions: { 'sb3-contrib': '2.9.2' }, torchThreads: 2 },
    hyperparameters: {
      ...{ learningRate: 0.001, batchSize: 256, bufferSize: 1_000_000, learningStarts: 5000, discount: 0.99 },
      ...{ policyDelay: 3, beta1: 0.5, hidden: [256, 256], criticHidden: [256, 256], targetEntropy: -6 },
      ...hyperparameters,
    },
  };
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'config.json'), JSON.stringify(config));
  const lines = evaluationsOf(score).map((row) => `${JSON.stringify(row)}\n`);
  await writeFile(join(place, 'evaluations.jsonl'), lines.join(''));
}

it('judges once every run of the plan is there', async () => {
  await writeAll(1.6);
  const { checks, missing, table, furtherTables, pictures, notes } = await judgeSampleEfficiency(directory);
  expect(missing).toEqual([]);
  expect(checks).toEqual([
    {
      name: "normalized score of crossq, critics of 256, over sac's",
      ...{ value: expect.closeTo(1.6, 12), limit: 1.5, must: 'be at least' },
    },
  ]);
  expect(table).toHaveLength(42);
  expect(table[0]).toEqual({
    ...{ task: HALF_CHEETAH, agent: 'sac, 3e-4', seed: 1, score: expect.closeTo(0.9 * 0.9 * 4056, 8) },
    ...{ normalized: expect.closeTo(0.9 * 0.9 * 0.5, 12), 'core-hours, at most': 1, updates: 95_000 },
  });
  expect(table.at(-1)).toMatchObject({ task: ANT, agent: narrow.label, normalized: '' });
  const means = furtherTables!['Means over seeds']!;
  expect(means.map(({ agent }) => agent).slice(0, 5)).toEqual(
    [slow, fast, withLayerNorm, narrow, wide].map(({ label }) => label),
  );
  expect(means[1]).toMatchObject({ [ANT]: 600, 'normalized, with Hopper': 0.5 });
  expect(means[4]).toMatchObject({
    ...{ [HOPPER]: '', 'normalized, with Hopper': '' },
    'normalized, HalfCheetah and Walker2d': 1,
  });
  expect(Object.keys(pictures)).toEqual([...TASKS]);
  for (const label of ['public CrossQ, v4 (10)', 'public SAC, v4 (10)', 'sac, 1e-3 (3)']) {
    expect(pictures[HOPPER]).toContain(label);
  }
  expect(pictures[HOPPER]).not.toContain(wide.label);
  expect(notes!.join('\n')).toContain('the better rate of sac is 0.001: normalized scores');
  expect(notes).toContain('sac with LayerNorm: 1.20 times sac on HalfCheetah and Walker2d');
  expect(notes!.join('\n')).toContain('105 observations');
});

it('shows CrossQ by the width of its critics, with what it takes', async () => {
  await writeAll(1.5);
  for (const seed of SEEDS) await write(wide, HALF_CHEETAH, seed, 8112, { threads: seed });
  const { furtherTables, table } = await judgeSampleEfficiency(directory);
  expect(table.filter(({ agent }) => agent === wide.label).map((row) => row['core-hours, at most'])).toEqual([
    1, 2, 3, 1, 1, 1,
  ]);
  const [small, large, others] = furtherTables!['CrossQ by the width of its critics']!;
  expect(small).toMatchObject({
    ...{ 'width of the critics': 256, 'over sac': expect.closeTo(1.5, 12) },
    'multiply-adds over sac': expect.closeTo(0.96, 2),
  });
  expect(large).toMatchObject({
    ...{ 'width of the critics': 512, [HALF_CHEETAH]: 8112, normalized: 1, 'over sac': 2 },
    ...{ 'multiply-adds over sac': expect.closeTo(3.3, 1) },
  });
  expect(others).toMatchObject({
    [HALF_CHEETAH]: 8112.4,
    [WALKER]: 3913.6,
    normalized: expect.closeTo(1, 3),
  });
});

it('says what is missing, and decides nothing', async () => {
  await writeAll(9);
  await write(narrow, HOPPER, 2, 9999, { missing: 1 });
  const { checks, missing, table } = await judgeSampleEfficiency(directory);
  expect([checks, missing]).toEqual([[], ['crossq-256-Hopper-v5-seed2']]);
  expect(table).toHaveLength(41);
  const { judgment, files } = await judgeResults('sample-efficiency', sampleEfficiency, directory);
  expect(judgment.holds).toBeNull();
  expect(files['table.md']).toContain('Not there yet: crossq-256-Hopper-v5-seed2');
  expect(files['table.md']).toMatch(/\n## CrossQ by the width of its critics\n\n\| width of the critics \|/);
  expect(judgment.furtherTables).toHaveProperty('Means over seeds');
});

it('does not know what is due at the better rate before both rates are known', async () => {
  await write(slow, HALF_CHEETAH, 1, 3000);
  const { checks, missing, notes } = await judgeSampleEfficiency(directory);
  expect(checks).toEqual([]);
  expect(missing).toHaveLength(41);
  for (const name of ['sac at the better rate-Hopper-v5-seed1', 'sac-layer-norm-Walker2d-v5-seed3']) {
    expect(missing).toContain(name);
  }
  expect(notes!.join()).not.toContain('the better rate of sac is');
  await writeSeeds(slow, { [HALF_CHEETAH]: 4000, [WALKER]: 1000 });
  await writeSeeds(fast, { [HALF_CHEETAH]: 4000, [WALKER]: 1000 });
  const known = await judgeSampleEfficiency(directory);
  expect(known.missing).toContain('sac-3e-4-Ant-v5-seed1');
  expect(known.missing).not.toContain('sac-1e-3-Ant-v5-seed1');
});

it('shows a run that is not due, and refuses what is no run of the plan', async () => {
  await write(wide, ANT, 1, 700);
  expect((await judgeSampleEfficiency(directory)).table).toHaveLength(1);
  await mkdir(join(directory, 'crossq-256-HalfCheetah-v5-seed4'));
  await expect(judgeSampleEfficiency(directory)).rejects.toThrow(
    /crossq-256-HalfCheetah-v5-seed4: expected a run of the plan/,
  );
});

it.each(['.', 'none'])('refuses a directory without finished runs: %s', async (place) => {
  await expect(judgeSampleEfficiency(join(directory, place))).rejects.toThrow(
    'expected finished runs, found none',
  );
});

it.each<[string, Variant, Changes, string]>([
  ['in another environment', fast, { environment: HOPPER }, 'environment "Walker2d-v5", got "Hopper-v5"'],
  ['in an easier one', fast, { options: { ctrlCostWeight: 0 } }, 'ctrlCostWeight 0.001, got 0'],
  ['of another seed', fast, { configured: 2 }, 'seed 1, got 2'],
  ['of fewer steps', narrow, { steps: 90_000, missing: 1 }, 'steps 100000, got 90000'],
  ['in several environments', narrow, { envs: 4 }, 'envs absent, got 4'],
  [
    'with fewer episodes',
    narrow,
    { evaluation: { every: 10_000, episodes: 5 } },
    'evaluation {"every":10000',
  ],
  ['with shorter ones', narrow, { evalMaxSteps: 100 }, 'evalMaxSteps absent, got 100'],
  [
    'at another rate',
    fast,
    { settings: { criticLearningRate: 3e-4 } },
    'criticLearningRate 0.001, got 0.0003',
  ],
  ['of a later start', fast, { settings: { learningStarts: 10_000 } }, 'learningStarts 5000, got 10000'],
  [
    'of another width',
    narrow,
    { settings: { criticHiddenSizes: [512, 512] } },
    'criticHiddenSizes [256,256]',
  ],
  [
    'with LayerNorm',
    fast,
    { settings: { criticLayerNormalization: true } },
    'criticLayerNormalization false, got true',
  ],
  ['with renormalization', wide, { settings: { renormalizeAfter: 0 } }, 'renormalizeAfter null, got 0'],
])('refuses a run %s', async (_, variant, changes, message) => {
  await write(variant, WALKER, 1, 1000, changes);
  const expected = `${variant.name}-Walker2d-v5-seed1: expected ${message}`;
  await expect(judgeSampleEfficiency(directory)).rejects.toThrow(expected);
});

it('holds LayerNorm to the better rate', async () => {
  await writeAll(1);
  await write(sacWithLayerNorm(slow), WALKER, 1, 1000);
  await expect(judgeSampleEfficiency(directory)).rejects.toThrow(
    'sac-layer-norm-Walker2d-v5-seed1: expected actorLearningRate 0.001, got 0.0003',
  );
});

it('has no ratio to a score that is not positive', async () => {
  await writeAll(1.6);
  await writeSeeds(slow, { [HALF_CHEETAH]: -3000, [WALKER]: 100 });
  await writeSeeds(fast, { [HALF_CHEETAH]: -2000, [WALKER]: 100 });
  await expect(judgeSampleEfficiency(directory)).rejects.toThrow(
    'sac-1e-3: a ratio means something to a positive score only',
  );
});

describe('next to sb3-contrib', () => {
  it('its runs are due after a miss', async () => {
    await writeAll(1.4);
    const { checks, missing, notes, furtherTables } = await judgeSampleEfficiency(directory);
    expect([checks.map(holds), missing]).toEqual([[false], []]);
    expect(notes).toContain(
      'due because the claim fails: sb3-contrib-256-HalfCheetah-v5-seed1, sb3-contrib-256-Hopper-v5-seed1, sb3-contrib-256-Walker2d-v5-seed1',
    );
    expect(Object.keys(furtherTables!)).toHaveLength(2);
  });

  it('they are shown and decide nothing', async () => {
    await writeAll(1.4);
    for (const task of [HALF_CHEETAH, HOPPER, WALKER]) await writePeer(task, 1, 5000);
    const { checks, notes, furtherTables, pictures } = await judgeSampleEfficiency(directory);
    expect(checks[0]!.value).toBeCloseTo(1.4, 12);
    expect(notes!.join('\n')).not.toContain('due because');
    expect(furtherTables!['Next to sb3-contrib, by seed']![0]).toEqual({
      ...{ task: HALF_CHEETAH, seed: 1, ours: expect.closeTo(0.9 * 1.4 * 4056, 8), 'sb3-contrib': 5000 },
      ...{ 'our core-hours, at most': 1, "sb3-contrib's, at most": 2 },
    });
    expect(pictures[HOPPER]).toContain('CrossQ, critics of 256 (1)');
  });

  it('refuses other settings', async () => {
    await writePeer(HOPPER, 1, 5000, { criticHidden: [1024, 1024] });
    await expect(judgeSampleEfficiency(directory)).rejects.toThrow(
      'sb3-contrib-256-Hopper-v5-seed1: expected criticHidden [256,256], got [1024,1024]',
    );
  });
});

describe('the plan', () => {
  const plan = readFile(new URL('./plan.md', import.meta.url), 'utf8');

  it('has a row for each run', async () => {
    const rows = [...(await plan).matchAll(/^\| `([\w.<>-]+-seed\d)` \|/gm)].map(([, name]) => name);
    const due = [slow, fast, narrow, wide, withLayerNorm].flatMap(({ name, tasks }) =>
      tasks.flatMap((task) => SEEDS.map((seed) => `${name}-${task}-seed${seed}`)),
    );
    const atBetterRate = rows.filter((name) => !due.includes(name!));
    expect(rows).toHaveLength(due.length + atBetterRate.length);
    expect(atBetterRate).toHaveLength(6);
    for (const name of atBetterRate)
      expect(name).toMatch(/^sac-(<rate>|3e-4|1e-3)-(Hopper|Ant)-v5-seed[123]$/);
  });

  it('trains CrossQ as the judge expects', () => {
    const settingsOf = (settings: object) => parseConfig(crossQ.config, settings);
    for (const task of TASKS) {
      expect(settingsOf(crossQ.presets![task]!)).toEqual(settingsOf(narrow.settings));
    }
    expect(settingsOf(crossQ.presets!.wide!)).toEqual(settingsOf(wide.settings));
  });

  const rateNames = { [slow.name]: 'slow', [fast.name]: 'fast' };

  it.each([slow, fast])('trains SAC as the judge expects: $name', async (variant) => {
    const text = (await plan).replaceAll('\\\n', ' ');
    const given = (name: string): Record<string, unknown> => {
      const [, line] = new RegExp(`^ +${name}="([^"]+)"`, 'm').exec(text)!;
      return Object.fromEntries(
        [...line!.matchAll(/--set (\w+)=(\S+)/g)].map(([, key, value]) => [key, JSON.parse(value!)]),
      );
    };
    const settingsOf = (settings: object) => parseConfig(softActorCritic.config, settings);
    const rate = given(rateNames[variant.name]!);
    expect(settingsOf(rate)).toEqual(settingsOf(variant.settings));
    expect(settingsOf({ ...rate, ...given('normalized') })).toEqual(
      settingsOf(sacWithLayerNorm(variant).settings),
    );
  });
});
