import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DamagedDataError, InvalidInputError } from '@maxent/core';
import { readRun, type StoredRun } from '@maxent/training/node';

/** The plan of a hierarchy, kept next to the levels' run directories, so that `--resume` needs no further options. */
export const PLAN_FILE = 'levels.json';

/** Whether a directory holds a hierarchy. */
export function holdsLevels(directory: string): boolean {
  return existsSync(join(directory, PLAN_FILE));
}

/** The run directory of a level. */
export function levelDirectory(hierarchy: string, level: number): string {
  return join(hierarchy, `level-${level}`);
}

/** The runs of the levels that have started, up to the topmost one; undefined for a lower one that was removed. */
export async function startedLevels(directory: string): Promise<(StoredRun | undefined)[]> {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return [];
  const entries = await readdir(directory, { withFileTypes: true });
  const folders = entries.filter(({ name }) => /^level-\d{1,3}$/.test(name));
  const other = folders.find((entry) => !entry.isDirectory());
  if (other !== undefined) {
    throw new DamagedDataError(
      `"${join(directory, other.name)}" is not a plain folder; a hierarchy keeps the run of a level there. Remove it`,
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

/**
 * The run in a directory; of a hierarchy, that of the topmost level that has started, whose policy has those below it.
 * Throws InvalidInputError with field `runDir` where there is none, and DamagedDataError for one that cannot be used.
 */
export async function readTopRun(directory: string): Promise<StoredRun> {
  if (!holdsLevels(directory)) return readRun(directory);
  const top = (await startedLevels(directory)).at(-1);
  if (top !== undefined) return top;
  throw new InvalidInputError(
    'runDir',
    `the hierarchy in "${directory}" holds no level yet: its training has not started`,
  );
}
