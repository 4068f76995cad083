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
  expect((await log.rewind(step, count)).map((row) => row.step)).toEqual(kept);
  await log.append([rowAt(99)]);
  await log.close();
  expect((await readMetrics(path)).rows.map((row) => row.step)).toEqual([...kept, 99]);
});

it('leaves out a line that was not written in full', async () => {
  const path = join(await temporaryDirectory(), 'metrics.jsonl');
  await writeFile(path, `${JSON.stringify(rowAt(10))}\n{"type":"epi`);
  expect(await readMetrics(path)).toEqual({ rows: [rowAt(10)], warnings: [] });
  const log = await MetricsLog.open(path);
  await log.rewind(10, 1);
  await log.close();
  expect(await readFile(path, 'utf8')).toBe(`${JSON.stringify(rowAt(10))}\n`);
});

it.each([
  ['nonsense', 'nonsense\n'],
  ['what a loss of power leaves', `${'\0'.repeat(300)}\n${'\0'.repeat(20)}`],
  ['bytes that are no text', Buffer.from([0xff, 0xc3, 10])],
  ['JSON that is no row', 'null\n3\n'],
])('goes on before a tail of %s, which reading leaves out with a warning', async (_, tail) => {
  const path = join(await temporaryDirectory(), 'metrics.jsonl');
  const intact = [10, 20].map((step) => `${JSON.stringify(rowAt(step))}\n`).join('');
  await writeFile(path, Buffer.concat([Buffer.from(intact), Buffer.from(tail)]));
  expect(await readMetrics(path)).toEqual({
    rows: [rowAt(10), rowAt(20)],
    warnings: [expect.stringContaining('metrics.jsonl": line 3 is damaged')],
  });
  const log = await MetricsLog.open(path);
  await log.rewind(20, 2);
  await log.close();
  expect(await readFile(path, 'utf8')).toBe(intact);
});

it('names a damaged line that the checkpoint counts on, and changes nothing', async () => {
  const path = join(await temporaryDirectory(), 'metrics.jsonl');
  const content = `${JSON.stringify(rowAt(10))}\nnonsense\n`;
  await writeFile(path, content);
  const log = await MetricsLog.open(path);
  const failure = await log.rewind(20, 2).catch((error: unknown) => error);
  await log.close();
  expect(failure).toBeInstanceOf(DamagedDataError);
  expect((failure as Error).message).toContain('metrics.jsonl": line 2 is not a row');
  expect(await readFile(path, 'utf8')).toBe(content);
});

it('has no rows before the first', async () => {
  const path = join(await temporaryDirectory(), 'metrics.jsonl');
  expect(await readMetrics(path)).toEqual({ rows: [], warnings: [] });
});
