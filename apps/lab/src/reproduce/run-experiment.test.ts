import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DamagedDataError } from '@maxent/core';
import { expect, it } from 'vitest';
import type { UnitExperiment } from '../experiments/experiment.js';
import { temporaryDirectory } from '../test-support/temporary-directory.js';
import { runExperiment } from './run-experiment.js';

/** Two units that count how often they run, and a claim about their sum. */
function counting(limit: number) {
  const runs: string[] = [];
  const experiment: UnitExperiment<{ value: number }> = {
    description: 'sum',
    claim: 'The sum is large.',
    units: [3, 4].map((value) => ({
      name: `unit${value}`,
      run: async (progress) => {
        runs.push(`unit${value}`);
        progress('half way');
        return { value };
      },
    })),
    conclude: (results) => {
      const sum = [...results.values()].reduce((total, { value }) => total + value, 0);
      return {
        table: [{ sum }],
        checks: [{ name: 'sum', value: sum, limit, must: 'be at least' }],
        pictures: { sum: '<svg/>' },
      };
    },
  };
  return { experiment: experiment as UnitExperiment, runs };
}

const progress = (): void => {};

it('stores every unit and judges them once all are there', async () => {
  const directory = await temporaryDirectory();
  const { experiment, runs } = counting(7);
  const lines: string[] = [];
  const options = { name: 'sum', experiment, directory: join(directory, 'results') };
  const first = await runExperiment({ ...options, only: '3', progress });
  expect(first).toMatchObject({ holds: null, checks: [], files: [], missing: ['unit4'] });
  expect(first.units.map(({ seconds }) => seconds === null)).toEqual([false, true]);

  const answer = await runExperiment({ ...options, progress: (line) => lines.push(line) });
  expect(runs).toEqual(['unit3', 'unit4']);
  expect(lines).toEqual(['unit4', 'unit4: half way']);
  expect(answer).toMatchObject({
    table: [{ sum: 7 }],
    checks: [{ name: 'sum', value: 7, limit: 7, must: 'be at least', holds: true }],
    holds: true,
    files: [join(directory, 'results', 'table.md'), join(directory, 'results', 'sum.svg')],
  });
  expect(answer.units.every(({ commit }) => /^[0-9a-f]{40}/.test(commit!))).toBe(true);
  const files = ['sum.svg', 'table.md', 'unit3.json', 'unit4.json'];
  expect((await readdir(join(directory, 'results'))).sort()).toEqual(files);
  expect(await readFile(join(directory, 'results', 'sum.svg'), 'utf8')).toBe('<svg/>');
  expect(await readFile(join(directory, 'results', 'table.md'), 'utf8')).toContain(
    '# sum\n\nThe sum is large.\n\nHolds.\n\n- holds: sum: 7, must be at least 7\n\n| sum |\n| --- |\n| 7 |\n',
  );
});

it('answers that a claim does not hold, which is not an error', async () => {
  const directory = await temporaryDirectory();
  const { experiment } = counting(8);
  const answer = await runExperiment({ name: 'sum', experiment, directory, progress });
  expect(answer.holds).toBe(false);
});

it('names a result that cannot be read', async () => {
  const directory = await temporaryDirectory();
  const { experiment, runs } = counting(7);
  await writeFile(join(directory, 'unit4.json'), '{"unit":');
  const attempt = runExperiment({ name: 'sum', experiment, directory, progress });
  await expect(attempt).rejects.toThrow(DamagedDataError);
  await expect(attempt).rejects.toThrow('unit4.json" is not the result of a unit; delete it');
  // What was computed before is kept.
  expect(runs).toEqual(['unit3']);
  expect(await readdir(directory)).toContain('unit3.json');
});

it('refuses the result of another unit or experiment', async () => {
  const directory = await temporaryDirectory();
  const { experiment } = counting(7);
  const options = { name: 'sum', experiment, directory, progress };
  await runExperiment(options);
  await expect(runExperiment({ ...options, name: 'product' })).rejects.toThrow(
    'unit3.json" holds "unit3" of sum, not "unit3" of product',
  );
  await rename(join(directory, 'unit3.json'), join(directory, 'unit4.json'));
  await expect(runExperiment({ ...options, only: '4' })).rejects.toThrow('unit4.json" holds "unit3" of sum');
});
