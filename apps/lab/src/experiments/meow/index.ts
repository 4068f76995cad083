import { join } from 'node:path';
import { maximumEntropyFlow } from '@maxent/agents';
import { InvalidInputError } from '@maxent/core';
import { findTask } from '../../bench/tasks.js';
import type { Check } from '../../checks.js';
import { scoreOf } from '../../results/learning-run.js';
import { coreHoursOf, type FinishedRun, readFinishedRun } from '../../results/stored-seeds.js';
import { assertRun } from '../../results/stored-settings.js';
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
  evaluation: { every: 3000, episodes: 10 },
  settings: { hiddenSizes: [64, 64], priorComponents: 4, temperature: 1, learningStarts: 500 },
};

export const HOPPER: Task = {
  id: 'Hopper-v5',
  seeds: [1],
  steps: 300_000,
  evaluation: { every: 10_000, episodes: 10 },
  settings: { temperature: 0.25, targetRate: 0.005, learningStarts: 5000 },
};

/** What the last evaluation of a seed must exceed on Pendulum, and of how many seeds. */
const THRESHOLD = -200;
const REQUIRED_SEEDS = 4;

/** MEow on Pendulum-v1 and on Hopper-v5. */
export const meow: RunExperiment = {
  description: 'MEow swings up a pendulum, and what it learns on Hopper-v5',
  claim:
    `After ${PENDULUM.steps.toLocaleString('en')} steps of Pendulum-v1, at least ${REQUIRED_SEEDS} of seeds ` +
    `${PENDULUM.seeds.join(', ')} have a mean return above ${THRESHOLD} in their last evaluation, of ` +
    `${PENDULUM.evaluation.episodes} deterministic episodes. Hopper-v5 is shown and not judged.`,
  directory: 'meow',
  judge: judgeMeow,
};

/** Reads `meow-<task>-seed<N>` below `directory`, finished runs of the plan's seeds only. */
export async function judgeMeow(directory: string): Promise<Conclusion> {
  const [pendulum, hopper] = [await readTask(directory, PENDULUM), await readTask(directory, HOPPER)];
  const read = [pendulum, hopper];
  if (read.every(({ runs }) => runs.length === 0)) {
    throw new InvalidInputError(directory, 'expected finished runs, found none');
  }
  const above = pendulum.runs.filter((run) => lastReturn(run) > THRESHOLD).length;
  const checks: Check[] =
    pendulum.missing.length > 0
      ? []
      : [
          {
            name: `Pendulum-v1: seeds above ${THRESHOLD}`,
            ...{ value: above, limit: REQUIRED_SEEDS, must: 'be at least' },
          },
        ];
  return {
    table: read.flatMap(({ runs }) => runs.map(rowOf)),
    checks,
    pictures: Object.fromEntries(
      read
        .filter(({ runs }) => runs.length > 0)
        .map(({ task: { id }, runs }) => [
          id,
          learningCurvesSvg(`MEow on ${id}`, [
            { label: 'meow', runs: runs.map(({ evaluations }) => evaluations) },
          ]),
        ]),
    ),
    missing: read.flatMap(({ missing }) => missing),
    notes: [
      "returns: means of 10 deterministic episodes, whose action is tanh of the image of the prior's mode",
      'core-hours: wall clock times threads, more than was used if the machine had other work',
    ],
  };
}

interface TaskRuns {
  readonly task: Task;
  readonly runs: readonly FinishedRun[];
  /** Names of the runs that are due and not there. */
  readonly missing: readonly string[];
}

async function readTask(directory: string, task: Task): Promise<TaskRuns> {
  const { settings, steps, evaluation } = task;
  const environment = findTask(task.id).definition;
  const runs: FinishedRun[] = [];
  const missing: string[] = [];
  for (const seed of task.seeds) {
    const name = `meow-${task.id}-seed${seed}`;
    const run = await readFinishedRun(join(directory, name));
    if (run === undefined) {
      missing.push(name);
    } else {
      assertRun(run, { agent: maximumEntropyFlow, environment, settings, steps, seed, evaluation });
      runs.push(run);
    }
  }
  return { task, runs, missing };
}

const lastReturn = ({ evaluations }: FinishedRun): number => evaluations.at(-1)!.returnMean;

function rowOf(run: FinishedRun): Conclusion['table'][number] {
  const { environment, seed, steps } = run.config;
  return {
    ...{ task: environment.id, seed, steps, 'last return': lastReturn(run) },
    'mean of the last three': scoreOf(run),
    'best return': Math.max(...run.evaluations.map(({ returnMean }) => returnMean)),
    'core-hours, at most': coreHoursOf(run),
  };
}
