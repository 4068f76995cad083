import { join } from 'node:path';
import { maximumEntropyFlow } from '@maxent/agents';
import { InvalidInputError } from '@maxent/core';
import { findTask } from '../../bench/tasks.js';
import type { Check } from '../../checks.js';
import { assertComplete, scoreOf } from '../../results/learning-run.js';
import { coreHoursOf, missingSeeds, readSeeds, type SeedCurve } from '../../results/stored-seeds.js';
import { assertSame, assertSettings } from '../../results/stored-settings.js';
import { learningCurvesSvg } from '../curves.js';
import type { Conclusion, RunExperiment } from '../experiment.js';

interface Task {
  readonly id: 'Pendulum-v1' | 'Hopper-v5';
  readonly seeds: readonly number[];
  readonly steps: number;
  readonly evaluation: { readonly every: number; readonly episodes: number };
  /** Other than the defaults of the agent. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export const PENDULUM: Task = {
  id: 'Pendulum-v1',
  seeds: [1, 2, 3, 4, 5],
  steps: 15_000,
  evaluation: { every: 1000, episodes: 10 },
  settings: { hiddenSizes: [64, 64], temperature: 0.2, learningStarts: 500 },
};

export const HOPPER: Task = {
  id: 'Hopper-v5',
  seeds: [1],
  steps: 300_000,
  evaluation: { every: 10_000, episodes: 10 },
  settings: { temperature: 0.25, targetRate: 0.005, learningStarts: 5000 },
};

/** What a seed must exceed on Pendulum, and how many seeds must. */
const THRESHOLD = -200;
const REQUIRED_SEEDS = 4;

/** MEow on Pendulum-v1 and on Hopper-v5. */
export const meow: RunExperiment = {
  description: 'MEow swings up a pendulum, and what it learns on Hopper-v5',
  claim:
    `After ${PENDULUM.steps.toLocaleString('en')} steps of Pendulum-v1, at least ${REQUIRED_SEEDS} of seeds ` +
    `${PENDULUM.seeds.join(', ')} have a score above ${THRESHOLD}: the mean return of the last three evaluations of ` +
    `${PENDULUM.evaluation.episodes} deterministic episodes. Hopper-v5 is shown and not judged.`,
  directory: 'meow',
  judge: judgeMeow,
};

/** Reads `<task>/seed*` below `directory`, finished runs of the plan's seeds only. */
export async function judgeMeow(directory: string): Promise<Conclusion> {
  const [pendulum, hopper] = await Promise.all([PENDULUM, HOPPER].map((task) => readTask(directory, task)));
  const tasks = [pendulum!, hopper!];
  if (tasks.every(({ runs }) => runs.length === 0)) {
    throw new InvalidInputError(directory, 'expected finished runs, found none');
  }
  const missing = tasks.flatMap(({ task, runs }) => missingSeeds(task.id, task.seeds, runs));
  const above = pendulum!.runs.filter((run) => scoreOf(run) > THRESHOLD).length;
  const checks: Check[] =
    missingSeeds('', PENDULUM.seeds, pendulum!.runs).length > 0
      ? []
      : [
          {
            name: `Pendulum-v1: seeds above ${THRESHOLD}`,
            value: above,
            limit: REQUIRED_SEEDS,
            must: 'be at least',
          },
        ];
  return {
    table: tasks.flatMap(({ task, runs }) => runs.map((run) => rowOf(task, run))),
    checks,
    pictures: Object.fromEntries(
      tasks.filter(({ runs }) => runs.length > 0).map(({ task, runs }) => [task.id, pictureOf(task, runs)]),
    ),
    missing,
    notes: [
      "score: mean return of the last three evaluations of 10 deterministic episodes, whose action is tanh of the image of the prior's mode",
      'core-hours: wall clock times threads, more than was used if the machine had other work',
    ],
  };
}

interface TaskRuns {
  readonly task: Task;
  readonly runs: readonly SeedCurve[];
}

async function readTask(directory: string, task: Task): Promise<TaskRuns> {
  const stored = await readSeeds(join(directory, task.id));
  const runs = stored.filter(({ seed }) => task.seeds.includes(seed));
  for (const run of runs) assertProtocol(run, task);
  return { task, runs };
}

/** Throws InvalidInputError, with the run's directory as field, for a run with other settings. */
function assertProtocol({ runs }: SeedCurve, { id, steps, evaluation, settings }: Task): void {
  const [run] = runs as [SeedCurve['runs'][number]];
  const environment = findTask(id).definition;
  assertSettings(run, { agent: maximumEntropyFlow, settings, environment, level: undefined, steps });
  assertSame(run.directory, 'envs', run.config.envs, undefined);
  assertSame(run.directory, 'evaluation', run.config.evaluation, evaluation);
  const { every: evaluateEvery, episodes } = evaluation;
  assertComplete({ ...run, protocol: { steps, evaluateEvery, episodes } });
}

function rowOf({ id, steps }: Task, run: SeedCurve): Conclusion['table'][number] {
  const [stored] = run.runs as [SeedCurve['runs'][number]];
  const best = Math.max(...run.evaluations.map(({ returnMean }) => returnMean));
  return {
    task: id,
    seed: run.seed,
    steps,
    score: scoreOf(run),
    'best return': best,
    'core-hours, at most': coreHoursOf(stored),
  };
}

const pictureOf = ({ id }: Task, runs: readonly SeedCurve[]): string =>
  learningCurvesSvg(`MEow on ${id}`, [{ label: 'meow', runs: runs.map(({ evaluations }) => evaluations) }]);
