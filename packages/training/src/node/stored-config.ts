import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DamagedDataError, InvalidInputError } from '@maxent/core';
import { type RunConfig, RunConfigSchema } from '../run-config.js';
import { systemErrorCode } from './file-operations.js';
import { replaceFile } from './replace-file.js';

const CONFIG = 'config.json';

export async function writeConfig(directory: string, config: RunConfig): Promise<void> {
  await replaceFile(join(directory, CONFIG), `${JSON.stringify(config, null, 2)}\n`);
}

/** The run's configuration, or undefined when there is none. Throws DamagedDataError when it cannot be used. */
export async function readConfig(directory: string): Promise<RunConfig | undefined> {
  let text: string;
  try {
    text = await readFile(join(directory, CONFIG), 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return undefined;
    throw error;
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new DamagedDataError(`"${join(directory, CONFIG)}" is not JSON`, { cause });
  }
  const result = RunConfigSchema.safeParse(parsed);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new DamagedDataError(`"${join(directory, CONFIG)}": ${issue.path.join('.')}: ${issue.message}`);
}

/**
 * Throws InvalidInputError that names the first key in which a run is asked to continue differently. More steps than
 * before are no difference: they lengthen the run.
 */
export function assertResumable(stored: RunConfig, requested: RunConfig): void {
  const { provenance: _stored, ...before } = stored;
  const { provenance: _requested, ...now } = requested;
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return value === undefined ? 'no value' : JSON.stringify(value);
}
