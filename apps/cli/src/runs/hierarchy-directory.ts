import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DamagedDataError, InvalidInputError } from '@maxent/core';
import { RunConfigSchema } from '@maxent/training';
import { readRun, readStoredText, replaceFile, type StoredRun } from '@maxent/training/node';
import { z } from 'zod';
import type { PlannedLevel } from '../commands/train/levels/level-plan.js';
import type { RunRequest } from '../commands/train/run-config.js';
import { checkInput } from '../input/check-input.js';
import { parseJson } from '../input/parse-json.js';
import type { CommandIo } from '../process/command-io.js';
import { resolvePath } from '../process/paths.js';

/** Kept beside the levels' run directories, so that resuming needs no more words. */
const PLAN = 'levels.json';

const { level, steps, seed } = RunConfigSchema.shape;
const text = z.string().optional();
const count = steps.optional();

/** Every word of a command that a level may be planned with; a family has no levels. */
const request = z.strictObject({
  agent: text,
  env: text,
  preset: text,
  set: z.array(z.string()),
  envSet: z.array(z.string()),
  steps,
  seed: seed.optional(),
  evalEvery: count,
  evalEpisodes: count,
  evalMaxSteps: count,
  logEvery: count,
  checkpointEvery: count,
  stopAt: z.number().optional(),
  level: level.unwrap(),
} satisfies Record<Exclude<keyof RunRequest, 'family'>, z.ZodType>);

const storedPlan: z.ZodType<PlannedLevel[]> = z
  .array(
    z.strictObject({
      request,
      belowSee: z.array(level.unwrap().shape.sees).optional(),
    }),
  )
  .min(1);

/** Whether a directory holds a hierarchy. */
export function holdsLevels(directory: string): boolean {
  return existsSync(join(directory, PLAN));
}

/** Throws DamagedDataError for a file that holds no plan. */
export async function readStoredPlan(directory: string): Promise<PlannedLevel[]> {
  const file = join(directory, PLAN);
  const content = await readStoredText(file);
  try {
    return checkInput(storedPlan, parseJson(content, PLAN, PLAN), PLAN);
  } catch (cause) {
    throw new DamagedDataError(
      `"${file}" cannot be used: ${(cause as Error).message}; repeat the command that started the hierarchy, with --resume`,
      { cause },
    );
  }
}

/** Throws InvalidInputError for `--out` when the directory cannot be written. */
export async function writeStoredPlan(
  io: CommandIo,
  hierarchy: string,
  plan: readonly PlannedLevel[],
): Promise<void> {
  try {
    await replaceFile(join(resolvePath(io, hierarchy), PLAN), `${JSON.stringify(plan, null, 2)}\n`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InvalidInputError('--out', `cannot write to "${hierarchy}" (${code})`, { cause: error });
  }
}

/** The run directory of a level. */
export function levelDirectory(hierarchy: string, level: number): string {
  return join(hierarchy, `level-${level}`);
}

/** The runs of the levels that have started, up to the topmost; undefined where one below it was removed. */
export async function startedLevels(directory: string): Promise<(StoredRun | undefined)[]> {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return [];
  const entries = await readdir(directory, { withFileTypes: true });
  const folders = entries.filter(({ name }) => /^level-\d{1,3}$/.test(name));
  const other = folders.find((entry) => !entry.isDirectory());
  if (other !== undefined) {
    throw new DamagedDataError(
      `"${join(directory, other.name)}" is not a plain folder; a hierarchy keeps the run of a level there`,
    );
  }
  const levels = folders
    .map(({ name }) => name)
    .filter((name) => existsSync(join(directory, name, 'config.json')))
    .map((name) => Number(name.slice('level-'.length)));
  return Promise.all(
    Array.from({ length: Math.max(-1, ...levels) + 1 }, (_, i) =>
      levels.includes(i) ? readRun(levelDirectory(directory, i)) : undefined,
    ),
  );
}
