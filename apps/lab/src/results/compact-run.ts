import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DamagedDataError, type Evaluation, InvalidInputError } from '@maxent/core';
import type { RunConfig } from '@maxent/training';
import { readRun, writeOutputFile } from '@maxent/training/node';
import { scoredEvaluations } from './learning-run.js';

/**
 * Writes a finished run as results keep it: its `config.json` as it is, and `metrics.jsonl` with its evaluations alone, the
 * episodes of test tasks only in those that are scored. It is still a run directory, which judges and `maxent report` read.
 * A directory of levels, `level-0` and so on, is written level by level. Returns the directories that were written.
 *
 * Throws InvalidInputError for a directory that holds no run or one that has not finished, and DamagedDataError for rows
 * that cannot be read.
 */
export async function compactRun(directory: string, destination: string): Promise<string[]> {
  const levels = existsSync(join(directory, 'config.json')) ? [] : await levelsIn(directory);
  if (levels.length > 0) {
    const written = levels.map((level) => compactRun(join(directory, level), join(destination, level)));
    return (await Promise.all(written)).flat();
  }
  const run = await readRun(directory);
  const { rows, warnings } = await run.readRows();
  if (warnings.length > 0) throw new DamagedDataError(warnings.join('; '));
  const evaluations = rows.filter((row) => row.type === 'evaluation');
  if (!hasFinished(run.config, evaluations)) {
    throw new InvalidInputError(
      directory,
      `expected a finished run, whose last evaluation is at step ${run.config.steps}; got ${evaluations.at(-1)?.step ?? 'none'}`,
    );
  }
  const scored = scoredEvaluations({ evaluations });
  const kept = evaluations.map((row) => {
    const { adaptation: _, ...plain } = row;
    return JSON.stringify(scored.includes(row) ? row : plain);
  });
  await mkdir(destination, { recursive: true });
  if (destination !== directory)
    await copyFile(join(directory, 'config.json'), join(destination, 'config.json'));
  await writeOutputFile(join(destination, 'metrics.jsonl'), `${kept.join('\n')}\n`);
  return [destination];
}

/** Whether a run has come to its last step, or to the return that it was to stop at. */
export function hasFinished(
  { steps, evaluation: { stopWhen } }: Pick<RunConfig, 'steps' | 'evaluation'>,
  evaluations: readonly Pick<Evaluation, 'step' | 'returnMean'>[],
): boolean {
  if (evaluations.at(-1)?.step === steps) return true;
  if (stopWhen === undefined) return false;
  const last = evaluations.slice(-stopWhen.consecutive);
  const solved = last.every(({ returnMean }) => returnMean >= stopWhen.returnAtLeast);
  return last.length === stopWhen.consecutive && solved;
}

async function levelsIn(directory: string): Promise<string[]> {
  const names = existsSync(directory) ? await readdir(directory) : [];
  return names.filter((name) => /^level-\d+$/.test(name)).sort();
}
