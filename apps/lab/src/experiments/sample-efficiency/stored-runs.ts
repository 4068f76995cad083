import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Evaluation, InvalidInputError } from '@maxent/core';
import { findTask } from '../../bench/tasks.js';
import { scoreOf } from '../../results/learning-run.js';
import { coreHoursOf, readFinishedRun } from '../../results/stored-seeds.js';
import { assertRun } from '../../results/stored-settings.js';
import { EVALUATION, LEARNING_STARTS, SEEDS, STEPS, TASKS, type Task, type Variant } from './variants.js';

/** A finished run that was trained as the plan says. */
export interface StoredRun {
  /** Name of the variant. */
  readonly variant: string;
  readonly task: Task;
  readonly seed: number;
  /** Mean return of the last three evaluations. */
  readonly score: number;
  readonly evaluations: readonly Evaluation[];
  readonly coreHours: number;
  /** Gradient steps of the critics. */
  readonly updates: number;
}

export function runName(variant: string, task: Task, seed: number): string {
  return `${variant}-${task}-seed${seed}`;
}

/** Throws InvalidInputError, with its path as field, for a directory that is not named like a run of these variants. */
export async function assertKnownRuns(directory: string, variants: readonly string[]): Promise<void> {
  if (!existsSync(directory)) return;
  const names = variants.flatMap((variant) =>
    TASKS.flatMap((task) => SEEDS.map((seed) => runName(variant, task, seed))),
  );
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (!entry.isDirectory() || names.includes(entry.name)) continue;
    throw new InvalidInputError(
      join(directory, entry.name),
      `expected a run of the plan, named like ${names[0]}; the variants are ${variants.join(', ')}`,
    );
  }
}

/**
 * The finished runs of a variant by task and seed, also on tasks where none is due. Throws InvalidInputError, with the
 * run's directory as field, for one with other settings than the variant's.
 */
export async function readVariant(directory: string, variant: Variant): Promise<StoredRun[]> {
  const { agent, settings } = variant;
  const runs = TASKS.flatMap((task) =>
    SEEDS.map(async (seed): Promise<StoredRun | undefined> => {
      const run = await readFinishedRun(join(directory, runName(variant.name, task, seed)));
      if (run === undefined) return undefined;
      const environment = findTask(task).definition;
      assertRun(run, { agent, environment, settings, steps: STEPS, seed, evaluation: EVALUATION });
      return {
        ...{ variant: variant.name, task, seed, score: scoreOf(run), evaluations: run.evaluations },
        coreHours: coreHoursOf(run),
        updates: STEPS - LEARNING_STARTS,
      };
    }),
  );
  return (await Promise.all(runs)).filter((run) => run !== undefined);
}
