import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { judgeResults } from '../judge/judge-experiment.js';
import { resultsDirectory } from '../results/results-directory.js';
import type { UnitExperiment } from './experiment.js';
import { experiments } from './index.js';
import {
  type FamilyTrainingPlan,
  type TrainingPlan,
  type TrainingRecord,
  trainingSettings,
} from './train-agent.js';

// Units go as far as their plan, and get an empty record of it.
vi.mock(import('./train-agent.js'), async (importOriginal) => ({
  ...(await importOriginal()),
  trainAgent: async <T>(plan: TrainingPlan) => ({
    record: plannedRecord(plan, plan.evaluation.episodes),
    examined: null as T,
  }),
  trainOverTasks: async (plan: FamilyTrainingPlan) => {
    const { testTasks } = trainingSettings(plan).config as { testTasks: number };
    const { evaluations, ...record } = plannedRecord(plan, testTasks);
    return {
      ...record,
      evaluations: evaluations.map((evaluation) => ({ ...evaluation, totals: evaluation.returns })),
    };
  },
}));

function plannedRecord(plan: TrainingPlan | FamilyTrainingPlan, returns: number): TrainingRecord {
  const { every } = plan.evaluation;
  const evaluations = Array.from({ length: plan.steps / every }, (_, i) => ({
    step: every * (i + 1),
    returnMean: 0,
    returns: new Array<number>(returns).fill(0),
  }));
  return { ...trainingSettings(plan), evaluations };
}

/** Checks that do not hold, as their plans say. */
const failures: Readonly<Record<string, readonly string[]>> = {
  'fine-tuning': [
    'smallest lead of the soft pre-trained area over the hard pre-trained one',
    'smallest lead of the gain by soft pre-training over the gain by hard pre-training',
  ],
};

/** Experiments that have not run yet; remove a name once its results are stored. */
const waiting: readonly string[] = ['meow', 'evidence'];

/** Experiments that have some of their results; remove a name once all are stored. */
const unfinished: readonly string[] = ['linear-quadratic', 'sample-efficiency'];

const run = <T>(all: readonly [string, T][]): [string, T][] =>
  all.filter(([name]) => !waiting.includes(name));

it.each(waiting)('%s has no results yet', (name) => {
  expect(experiments).toHaveProperty(name);
  expect(existsSync(resultsDirectory(name))).toBe(false);
});

interface Stored {
  readonly experiment: string;
  readonly unit: string;
  readonly result: unknown;
}

/** Training records anywhere in a result, in their order. */
function recordsIn(result: unknown): TrainingRecord[] {
  if (typeof result !== 'object' || result === null) return [];
  return 'evaluations' in result
    ? [result as TrainingRecord]
    : Object.values(result).flatMap((part) => recordsIn(part));
}

const settingsOf = ({ agent, environment, options, steps, seed, envs, evaluations }: TrainingRecord) => ({
  agent,
  environment,
  options,
  steps,
  seed,
  envs,
  evaluations: evaluations.map(({ step, returns }) => [step, returns.length]),
});

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const unitExperiments = Object.entries(experiments).flatMap(
  ([name, experiment]): [string, UnitExperiment][] => ('units' in experiment ? [[name, experiment]] : []),
);

describe.each(run(unitExperiments))('%s', (name, { units }) => {
  const directory = `${resultsDirectory(name)}/`;
  const stored = new Map(
    readdirSync(directory)
      .filter((file) => file.endsWith('.json'))
      .map((file): [string, Stored] => [
        file.slice(0, -'.json'.length),
        JSON.parse(readFileSync(`${directory}${file}`, 'utf8')),
      ]),
  );

  it('has results of its units and of nothing else', () => {
    for (const [file, { experiment, unit }] of stored) {
      expect({ experiment, unit }).toEqual({ experiment: name, unit: file });
    }
    const expected = units
      .map((unit) => unit.name)
      .filter((unit) => stored.has(unit) || !unfinished.includes(name));
    expect([...stored.keys()].sort()).toEqual(expected.sort());
  });

  it('would train the same agents with the same settings today', async () => {
    for (const unit of units) {
      const found = recordsIn(stored.get(unit.name)?.result);
      // Nothing was trained by a plan; to run the unit would do its work.
      if (found.length === 0) continue;
      const planned = plain(recordsIn(await unit.run(() => {})));
      expect(found.map(settingsOf)).toEqual(planned.map(settingsOf));
      // Settings that have come since have defaults.
      for (const [i, { config }] of found.entries()) expect(planned[i]!.config).toMatchObject(config);
    }
  });
});

describe.each(run(Object.entries(experiments)))('%s', (name, experiment) => {
  const directory = resultsDirectory('directory' in experiment ? experiment.directory : name);

  it('is judged from what is stored as its table says', async () => {
    const { judgment, files } = await judgeResults(name, experiment, directory);
    const { table, checks, missing } = judgment;
    expect(missing.length > 0).toBe(unfinished.includes(name));
    for (const row of table) {
      expect(Object.keys(row)).toEqual(Object.keys(table[0]!));
      for (const value of Object.values(row)) expect(value).not.toBeNaN();
    }
    expect(checks.filter((check) => !check.holds).map((check) => check.name)).toEqual(failures[name] ?? []);
    // Nothing is shown while units are missing; the table is then still that of the units before.
    if (missing.length > 0 && table.length === 0) return;
    expect(await readFile(join(directory, 'table.md'), 'utf8')).toBe(files['table.md']);
    for (const file of Object.keys(files)) expect(existsSync(join(directory, file))).toBe(true);
  });

  it('has a plan next to its code, which says where its results are', async () => {
    const plan = await readFile(new URL(`./${name}/plan.md`, import.meta.url), 'utf8');
    expect(plan).toMatch(/^# /);
    expect(plan).toMatch(
      /^Results: `apps\/lab\/results\/[^`]+`(; nothing of them is left out|; episodes and metrics of training are left out|\. The last\scommit\sthat\sholds\sthe\sraw\srows)/m,
    );
  });
});
