import { execFileSync } from 'node:child_process';
import { readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DamagedDataError } from '@maxent/core';
import { expect, it } from 'vitest';
import type { RunRow } from '../run-storage.js';
import { temporaryDirectory } from '../test-support/temporary-directory.js';
import { nodeFileOperations } from './file-operations.js';
import { MetricsLog, readMetrics } from './metrics-log.js';

async function logIn(directory: string) {
  return { directory, log: await MetricsLog.open(directory, nodeFileOperations) };
}

const rowAt = (step: number): RunRow => {
  return { type: 'episode', step, return: 0.1, length: 3, terminated: true, wallSeconds: 1 };
};

it.each([
  ['the rows of the checkpoint', [10, 20, 20, 30], 20, 2, [10, 20]],
  ['no row newer than the checkpoint when older ones were lost', [20, 30, 40], 20, 3, [20]],
  ['nothing for a run without a checkpoint', [10, 20], 0, 0, []],
])('keeps %s', async (_, steps, step, count, kept) => {
  const { directory, log } = await logIn(await temporaryDirectory());
  await log.append(steps.map(rowAt));
  expect((await log.rewind(step, count)).kept.map((row) => row.step)).toEqual(kept);
  await log.append([rowAt(99)]);
  await log.close();
  expect((await readMetrics(directory)).rows.map((row) => row.step)).toEqual([...kept, 99]);
});

it('leaves out a line that was not written in full', async () => {
  const directory = await temporaryDirectory();
  const path = join(directory, 'metrics.jsonl');
  await writeFile(path, `${JSON.stringify(rowAt(10))}\n{"type":"epi`);
  expect(await readMetrics(directory)).toEqual({ rows: [rowAt(10)], warnings: [] });
  const { log } = await logIn(directory);
  await log.rewind(10, 1);
  await log.close();
  expect(await readFile(path, 'utf8')).toBe(`${JSON.stringify(rowAt(10))}\n`);
});

it.each([
  ['nonsense', 'nonsense\n'],
  ['what a loss of power leaves', `${'\0'.repeat(300)}\n${'\0'.repeat(20)}`],
  ['bytes that are not text', Buffer.from([0xff, 0xc3, 10])],
  ['JSON that is not a row', 'null\n3\n'],
])('goes on before a tail of %s, which reading leaves out with a warning', async (_, tail) => {
  const directory = await temporaryDirectory();
  const path = join(directory, 'metrics.jsonl');
  const intact = [10, 20].map((step) => `${JSON.stringify(rowAt(step))}\n`).join('');
  await writeFile(path, Buffer.concat([Buffer.from(intact), Buffer.from(tail)]));
  expect(await readMetrics(directory)).toEqual({
    rows: [rowAt(10), rowAt(20)],
    warnings: [expect.stringMatching(/metrics\.jsonl" has .* left out: .*line 3/)],
  });
  const { log } = await logIn(directory);
  expect((await log.rewind(20, 2)).warnings).toEqual([]);
  await log.close();
  expect(await readFile(path, 'utf8')).toBe(intact);
});

const metrics = {
  type: 'metrics',
  step: 20,
  updates: 1,
  values: { loss: 1 },
  wallSeconds: 1,
  stepsPerSecond: 1,
};
const evaluation = {
  type: 'evaluation',
  step: 20,
  returnMean: 1,
  returnStd: 0,
  episodes: 1,
  returns: [1],
  lengths: [1],
  wallSeconds: 1,
};

it.each([
  ['a name instead of a number', { ...metrics, values: { loss: 'x' } }, 'values.loss'],
  ['no values', { ...metrics, values: null }, 'values'],
  ['no object of values', { ...metrics, values: [1] }, 'values'],
  ['another type', { ...metrics, type: 'metric5' }, 'type'],
  ['a step that is not a count', { ...metrics, step: 1e300 }, 'step'],
  ['a negative step', { ...metrics, step: -1 }, 'step'],
  ['no returns', { ...evaluation, returns: [] }, 'returns'],
  ['returns that are not a list', { ...evaluation, returns: { length: 1e9 } }, 'returns'],
  [
    'ragged curves',
    { ...evaluation, adaptation: { explorationEpisodes: 1, returns: [[1], []] } },
    'adaptation',
  ],
])('a row with %s is skipped, counted and named, and kept when resuming', async (_, damaged, field) => {
  const directory = await temporaryDirectory();
  const path = join(directory, 'metrics.jsonl');
  const lines = [rowAt(10), damaged, rowAt(30), rowAt(40)].map((row) => `${JSON.stringify(row)}\n`);
  await writeFile(path, lines.join(''));
  const warnings = [expect.stringMatching(new RegExp(`one damaged line.*line 2 \\(${field}`))];
  expect(await readMetrics(directory)).toEqual({ rows: [rowAt(10), rowAt(30), rowAt(40)], warnings });
  const { log } = await logIn(directory);
  expect(await log.rewind(30, 3)).toEqual({ rows: 3, warnings, kept: [rowAt(10), rowAt(30)] });
  await log.close();
  expect(await readFile(path, 'utf8')).toBe(lines.slice(0, 3).join(''));
});

it('one damaged step does not take the rows after it along', async () => {
  const { log } = await logIn(await temporaryDirectory());
  await log.append([10, 9000, 20, 30].map(rowAt));
  expect((await log.rewind(20, 3)).rows).toBe(3);
  await log.close();
});

it.each([
  ['cut short', (path: string) => truncate(path, 20), 0],
  ['deleted', (path: string) => rm(path), 0],
  ['without its last rows', (path: string) => writeFile(path, `${JSON.stringify(rowAt(10))}\n`), 1],
])('says how many rows are lost when the file was %s', async (_, damage, left) => {
  const directory = await temporaryDirectory();
  const first = (await logIn(directory)).log;
  await first.append([10, 20].map(rowAt));
  await first.close();
  await damage(join(directory, 'metrics.jsonl'));
  const { log } = await logIn(directory);
  const { rows, warnings } = await log.rewind(20, 2);
  expect([rows, warnings]).toEqual([left, [expect.stringContaining(`holds ${left} of the 2 rows`)]]);
  await log.append([rowAt(30)]);
  await log.close();
  expect((await readMetrics(directory)).rows).toHaveLength(left + 1);
});

it.skipIf(process.platform === 'win32')('is not read or written through a link, nor waited for', async () => {
  const directory = await temporaryDirectory();
  const path = join(directory, 'metrics.jsonl');
  const outside = join(await temporaryDirectory(), 'outside');
  await writeFile(outside, 'mine');
  await symlink(outside, path);
  await expect(logIn(directory)).rejects.toThrow(/metrics\.jsonl is a symbolic link/);
  await expect(readMetrics(directory)).rejects.toThrow(DamagedDataError);
  expect(await readFile(outside, 'utf8')).toBe('mine');
  await rm(path);
  execFileSync('mkfifo', [path]);
  await expect(logIn(directory)).rejects.toThrow(/is a pipe/);
  await expect(readMetrics(directory)).rejects.toThrow(/is a pipe/);
});

it('has no rows before the first', async () => {
  expect(await readMetrics(await temporaryDirectory())).toEqual({ rows: [], warnings: [] });
});

it('says what is missing in a damaged row, and steers no terminal with its names', async () => {
  const directory = await temporaryDirectory();
  const path = join(directory, 'metrics.jsonl');
  const warningFor = async (row: object) => {
    await writeFile(path, `${JSON.stringify(row)}\n`);
    return (await readMetrics(directory)).warnings[0];
  };
  expect(await warningFor({ type: 'episode' })).toContain('line 1 (step: is missing)');
  expect(await warningFor({ ...rowAt(1), step: 'x' })).toMatch(/step: .*expected .*, got "x"/);
  const named = await warningFor({ type: 'metrics', step: 1, updates: 1, values: { '\u001b[2J': 'x' } });
  expect(named).toContain('values["\\u001b[2J"]');
});
