import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reproduceAnswer } from '../answers/reproduce.js';
import { runInProcess } from '../test-support/run-in-process.js';
import { temporaryDirectory } from '../test-support/temporary-directory.js';

test('runs the units that are asked for and says which are missing', async () => {
  const directory = await temporaryDirectory();
  const args = ['reproduce', 'optimism', '--only', 'lotteries', '--out', 'kept'];
  const { exitCode, json } = await runInProcess([...args, '--json'], { directory });
  const { units, holds, table } = reproduceAnswer.parse(json);
  expect([exitCode, holds, table]).toEqual([0, null, []]);
  expect(units.filter(({ seconds }) => seconds !== null).map(({ name }) => name)).toEqual(['lotteries']);
  const stored = JSON.parse(await readFile(join(directory, 'kept', 'lotteries.json'), 'utf8'));
  expect(stored).toMatchObject({ experiment: 'optimism', unit: 'lotteries' });
  expect(Object.keys(stored.provenance.versions)).toContain('node');
  const { out } = await runInProcess(args, { directory });
  expect(out).toContain('1 of 6 units have run; missing: grids-seed1');
});

test.each([
  [['reproduce', 'optimist'], 'experiment', 'optimism'],
  [['reproduce', 'optimism', '--only', 'seed9'], '--only', 'lotteries'],
])('%j is refused with what there is', async (args, named, known) => {
  const { exitCode, err } = await runInProcess(args, { directory: await temporaryDirectory() });
  expect(exitCode).toBe(2);
  expect(err).toContain(named);
  expect(err).toContain(known);
});
