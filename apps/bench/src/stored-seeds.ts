import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Evaluation } from '@maxent/core';
import { readRun } from '@maxent/training/node';

export interface SeedCurve {
  readonly seed: number;
  /** Of all levels one after the other, on one axis of steps. */
  readonly evaluations: readonly Evaluation[];
}

/** The finished runs `seed*` in a directory, by seed; none where there is no such directory. */
export async function readSeeds(directory: string): Promise<SeedCurve[]> {
  const names = existsSync(directory) ? await readdir(directory) : [];
  const seeds = await Promise.all(
    names.filter((name) => /^seed\d+$/.test(name)).map((name) => readSeed(join(directory, name))),
  );
  return seeds.filter((seed) => seed !== undefined).sort((a, b) => a.seed - b.seed);
}

/** One run, or those of `level-0`, `level-1`, ... one after the other; undefined if one of them has not finished. */
async function readSeed(directory: string): Promise<SeedCurve | undefined> {
  const levels = (await readdir(directory)).filter((name) => /^level-\d+$/.test(name)).sort();
  const evaluations: Evaluation[] = [];
  let steps = 0;
  let seed = 0;
  for (const runDirectory of levels.length === 0
    ? [directory]
    : levels.map((name) => join(directory, name))) {
    const run = await readRun(runDirectory);
    const own = (await run.readRows()).rows.filter((row) => row.type === 'evaluation');
    if (own.at(-1)?.step !== run.config.steps) return undefined;
    evaluations.push(...own.map((row) => ({ ...row, step: row.step + steps })));
    steps += run.config.steps;
    seed = run.config.seed;
  }
  return { seed, evaluations };
}
