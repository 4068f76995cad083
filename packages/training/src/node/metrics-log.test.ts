import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DamagedDataError } from '@maxent/core';
import { expect, it } from 'vitest';
import type { RunRow } from '../run-storage.js';
import { temporaryDirectory } from '../test-support/temporary-directory.js';
import { MetricsLog, readMetrics } from './metrics-log.js';

const rowAt = (step: number): RunRow => {
  return { type: 'episode', step, return: 0.1, length: 3, terminated: true, wallSeconds: 1 };
};

it.each([
  ['the rows of the checkpoint', [10, 20, 20, 30], 20, 2, [10, 20]],
  ['no row newer than the checkpoint when older ones were lost', [20, 30, 40], 20, 3, [20]],
  ['nothing for a run without a checkpoint', [10, 20], 0, 0, []],
])('keeps %s', async (_, steps, step, count, kept) => {
  const path = join(await temporaryDirectory(), 'metrics.jsonl');
  const log = await MetricsLog.open(path);
  await log.append(steps.map(rowAt));
  await log.rewind(step, count);
  await log.append([rowAt(99)]);
  await log.close();
  expect((await readMetrics(path)).map((row) => row.step)).toEqual([...kept, 99]);
});

it('leaves out a line that was not written in full', async () => {
  const path = join(await temporaryDirectory(), 'metrics.jsonl');
  await writeFile(path, `${JSON.stringify(rowAt(10))}\n{"type":"epi`);
  expect(await readMetrics(path)).toEqual([rowAt(10)]);
  const log = await MetricsLog.open(path);
  await log.rewind(10, 1);
  await log.close();
  expect(await readFile(path, 'utf8')).toBe(`${JSON.stringify(rowAt(10))}\n`);
});

it('names a line that is not JSON', async () => {
  const path = join(await temporaryDirectory(), 'metrics.jsonl');
  await writeFile(path, `${JSON.stringify(rowAt(10))}\nnonsense\n`);
  await expect(readMetrics(path)).rejects.toThrow(DamagedDataError);
  await expect(readMetrics(path)).rejects.toThrow('line 2');
});

it('has no rows before the first', async () => {
  expect(await readMetrics(join(await temporaryDirectory(), 'metrics.jsonl'))).toEqual([]);
});
