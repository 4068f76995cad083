import { InvalidInputError } from '@maxent/core';
import { mean } from '../../statistics.js';
import { PUBLIC_CROSSQ } from './public-curves.js';
import type { StoredRun } from './stored-runs.js';
import { SAC_VARIANTS, type SacVariant, SEEDS, SHARED_TASKS, type Task } from './variants.js';

/** Mean over the seeds of what a run has; undefined unless all seeds are there. */
export function meanOver(
  runs: readonly StoredRun[],
  variant: string,
  task: Task,
  read: (run: StoredRun) => number,
): number | undefined {
  const found = runs.filter((run) => run.variant === variant && run.task === task);
  return found.length === SEEDS.length ? mean(found.map(read)) : undefined;
}

/** A score over the mean of public CrossQ at 100,000 steps; undefined for Ant, which has another observation. */
export function normalize(task: Task, score: number): number | undefined {
  const reference = PUBLIC_CROSSQ[task];
  return reference === undefined ? undefined : score / reference;
}

/** Mean over tasks of the normalized mean score; undefined unless all of them have all seeds. */
export function normalizedScore(
  runs: readonly StoredRun[],
  variant: string,
  tasks: readonly Task[],
): number | undefined {
  const scores = tasks.map((task) => {
    const score = meanOver(runs, variant, task, (run) => run.score);
    return score === undefined ? undefined : normalize(task, score);
  });
  return scores.every((score) => score !== undefined) ? mean(scores) : undefined;
}

/** SAC at the rate with the larger normalized score over the shared tasks; undefined until all their runs are there. */
export function betterRate(runs: readonly StoredRun[]): SacVariant | undefined {
  const [slow, fast] = SAC_VARIANTS.map(({ name }) => normalizedScore(runs, name, SHARED_TASKS));
  if (slow === undefined || fast === undefined) return undefined;
  return SAC_VARIANTS[fast > slow ? 1 : 0];
}

/**
 * A variant's normalized score over SAC's at the better rate; undefined while one of their runs is missing. Throws
 * InvalidInputError if SAC's is not positive.
 */
export function ratioToSac(
  runs: readonly StoredRun[],
  variant: string,
  better: SacVariant | undefined,
  tasks: readonly Task[],
): number | undefined {
  const score = normalizedScore(runs, variant, tasks);
  const sac = better && normalizedScore(runs, better.name, tasks);
  if (score === undefined || sac === undefined) return undefined;
  if (sac > 0) return score / sac;
  throw new InvalidInputError(better!.name, `a ratio means something to a positive score only, got ${sac}`);
}
