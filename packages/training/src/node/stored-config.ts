import { join } from 'node:path';
import { DamagedDataError, InvalidInputError, isRecord, showValue } from '@maxent/core';
import { type RunConfig, RunConfigSchema } from '../run-config.js';
import { storedProblem } from '../stored-problem.js';
import type { CheckpointReader } from './checkpoint-reader.js';
import { type FileOperations, nodeFileOperations } from './file-operations.js';
import { replaceFile } from './replace-file.js';
import { readStoredTextIfThere } from './stored-file.js';

const CONFIG = 'config.json';

/** The text of `config.json`. */
export function configText(config: RunConfig): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}

export async function writeConfig(
  directory: string,
  config: RunConfig,
  files: FileOperations = nodeFileOperations,
): Promise<void> {
  await replaceFile(join(directory, CONFIG), configText(config), files);
}

/**
 * The run's configuration, or undefined if there is none. Throws DamagedDataError if it cannot be used or differs from
 * the one that the newest checkpoint was made with; the message names the field and the intact copy.
 */
export async function readConfig(
  directory: string,
  checkpoints: Pick<CheckpointReader, 'configCopy'>,
): Promise<RunConfig | undefined> {
  const path = join(directory, CONFIG);
  const text = await readStoredTextIfThere(path);
  const copy = await checkpoints.configCopy();
  const remedy = copy === undefined ? '' : `. Replace it with the copy "${copy.path}", which is intact`;
  if (text === undefined) {
    if (copy === undefined) return undefined;
    throw new DamagedDataError(`"${path}" is missing${remedy}`);
  }
  const config = parseConfig(path, text, remedy);
  if (copy !== undefined) assertUnaltered(path, config, parseConfig(copy.path, copy.text, ''), remedy);
  return config;
}

function parseConfig(path: string, text: string, remedy: string): RunConfig {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new DamagedDataError(`"${path}" is not JSON${remedy}`, { cause });
  }
  let result: ReturnType<typeof RunConfigSchema.safeParse>;
  try {
    result = RunConfigSchema.safeParse(parsed);
  } catch (cause) {
    // Stack overflow: the schema reads nested values recursively.
    throw new DamagedDataError(`"${path}" is nested too deeply${remedy}`, { cause });
  }
  if (result.success) return result.data;
  throw new DamagedDataError(`"${path}": ${storedProblem(result.error, parsed)}${remedy}`);
}

/**
 * A warning if `config.json` asks for more steps than the newest checkpoint was made for: a run that was lengthened and
 * ended before its next checkpoint looks like one with an altered file.
 */
export async function lengthenedSince(
  { steps }: RunConfig,
  checkpoints: Pick<CheckpointReader, 'configCopy'>,
): Promise<string | undefined> {
  const copy = await checkpoints.configCopy();
  if (copy === undefined) return undefined;
  const before = parseConfig(copy.path, copy.text, '').steps;
  if (steps <= before) return undefined;
  return (
    `config.json asks for ${steps} steps, but the last checkpoint was made for a run of ${before}: if nobody lengthened the ` +
    `run, the file was altered. Stop it and replace the file with "${copy.path}".`
  );
}

/** More steps than at the checkpoint are not damage: the run was lengthened since then. */
function assertUnaltered(path: string, now: RunConfig, then: RunConfig, remedy: string): void {
  const expected = { ...then, steps: Math.max(then.steps, now.steps) };
  const difference = firstDifference(expected, now, []);
  if (difference === undefined) return;
  throw new DamagedDataError(
    `"${path}": ${difference.path.join('.')} is ${shown(difference.now)}, but the run was made with ` +
      `${shown(difference.before)}: the file was altered since${remedy}`,
  );
}

/**
 * Throws InvalidInputError, which names the first key that differs from the stored run. A larger number of steps is
 * allowed: it lengthens the run. So are other plugins: they may have moved or been renamed, and the run itself names
 * what it uses from them.
 */
export function assertResumable(stored: RunConfig, requested: RunConfig): void {
  const { provenance: _stored, plugins: _storedPlugins, ...before } = stored;
  const { provenance: _requested, plugins: _requestedPlugins, ...now } = requested;
  before.steps = Math.max(before.steps, now.steps);
  const difference = firstDifference(before, now, []);
  if (difference === undefined) return;
  throw new InvalidInputError(
    difference.path.join('.'),
    `the run was started with ${shown(difference.before)} and cannot be resumed with ${shown(difference.now)}; ` +
      'use the same value, or start a new run in another directory',
  );
}

interface Difference {
  readonly path: readonly string[];
  readonly before: unknown;
  readonly now: unknown;
}

function firstDifference(before: unknown, now: unknown, path: readonly string[]): Difference | undefined {
  if (isRecord(before) && isRecord(now)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
      const difference = firstDifference(before[key], now[key], [...path, key]);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  return JSON.stringify(before) === JSON.stringify(now) ? undefined : { path, before, now };
}

function shown(value: unknown): string {
  return value === undefined ? 'no value' : showValue(value);
}
