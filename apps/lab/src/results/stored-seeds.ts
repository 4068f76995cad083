import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Evaluation, InvalidInputError } from '@maxent/core';
import type { RunConfig } from '@maxent/training';
import { readRun } from '@maxent/training/node';
import { hasFinished } from './compact-run.js';

export interface FinishedRun {
  /** Where it was read from. */
  readonly directory: string;
  readonly config: RunConfig;
  readonly evaluations: readonly Evaluation[];
  readonly trainingSeconds: number;
}

/** Wall clock times threads: an upper bound where the machine had other work. */
export function coreHoursOf({ trainingSeconds, config }: FinishedRun): number {
  return (trainingSeconds * Number(config.provenance.backend?.threads ?? 1)) / 3600;
}

export interface SeedCurve {
  readonly seed: number;
  /** A single one, or one for each level, the lowest first. */
  readonly runs: readonly FinishedRun[];
  /** Of all levels one after the other, on one axis of steps. */
  readonly evaluations: readonly Evaluation[];
}

/**
 * The finished runs `seed*` in a directory, by seed; none where there is no such directory. With `levels`, a seed is as
 * many runs, in `level-0`, `level-1`, ..., and has finished when all of them have. Throws InvalidInputError for a run of
 * another seed than its directory says.
 */
export async function readSeeds(directory: string, levels?: number): Promise<SeedCurve[]> {
  const names = existsSync(directory) ? await readdir(directory) : [];
  const seeds = await Promise.all(
    names
      .filter((name) => /^seed\d+$/.test(name))
      .map((name) => readSeed(join(directory, name), Number(name.slice(4)), levels)),
  );
  return seeds.filter((seed) => seed !== undefined).sort((a, b) => a.seed - b.seed);
}

/** `<directory>/seed<N>` for each seed that is due and not among those found. */
export function missingSeeds(
  directory: string,
  due: readonly number[],
  found: readonly { readonly seed: number }[],
): string[] {
  return due
    .filter((seed) => !found.some((one) => one.seed === seed))
    .map((seed) => `${directory}/seed${seed}`);
}

/** The same for one seed, in this directory; undefined unless all of its runs have finished. */
export async function readSeed(
  directory: string,
  seed: number,
  levels: number | undefined,
): Promise<SeedCurve | undefined> {
  const directories =
    levels === undefined
      ? [directory]
      : Array.from({ length: levels }, (_, level) => join(directory, `level-${level}`));
  const runs: FinishedRun[] = [];
  const evaluations: Evaluation[] = [];
  let steps = 0;
  for (const runDirectory of directories) {
    const run = await readFinishedRun(runDirectory);
    if (run === undefined) return undefined;
    if (run.config.seed !== seed) {
      throw new InvalidInputError(runDirectory, `expected seed ${seed}, got ${run.config.seed}`);
    }
    runs.push(run);
    evaluations.push(...run.evaluations.map((row) => ({ ...row, step: row.step + steps })));
    steps += run.config.steps;
  }
  return { seed, runs, evaluations };
}

/** The run in a directory; undefined where none has started, and where one has not come to its last step. */
export async function readFinishedRun(directory: string): Promise<FinishedRun | undefined> {
  if (!existsSync(join(directory, 'config.json'))) return undefined;
  const run = await readRun(directory);
  const evaluations = (await run.readRows()).rows.filter((row) => row.type === 'evaluation');
  if (!hasFinished(run.config, evaluations)) return undefined;
  return { directory, config: run.config, evaluations, trainingSeconds: evaluations.at(-1)!.wallSeconds };
}
