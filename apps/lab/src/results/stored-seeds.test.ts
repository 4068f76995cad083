import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeStoredRun } from '../test-support/stored-run.js';
import { readSeeds } from './stored-seeds.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'maxent-seeds-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** A run of 30 steps, with evaluations up to one of them. */
async function write(path: string, seed: number, upTo = 30): Promise<void> {
  const rows = [10, 20, 30]
    .filter((step) => step <= upTo)
    .map((step) => ({
      ...{ type: 'evaluation', step, returnMean: step, returnStd: 0, episodes: 1 },
      ...{ returns: [step], lengths: [1000], wallSeconds: 1 },
    }));
  const agent = { name: 'lsp', config: {} };
  const environment = { id: 'HalfCheetah-v5', options: {} };
  await writeStoredRun(join(directory, path), { agent, environment, steps: 30, seed }, rows);
}

const seedsOf = async (levels?: number) => (await readSeeds(directory, levels)).map(({ seed }) => seed);

it('puts the levels of a hierarchy on one axis', async () => {
  for (const level of [0, 1]) await write(`seed1/level-${level}`, 1);
  const [seed] = await readSeeds(directory, 2);
  expect(seed!.evaluations.map(({ step }) => step)).toEqual([10, 20, 30, 40, 50, 60]);
  expect(seed!.evaluations.map(({ returnMean }) => returnMean)).toEqual([10, 20, 30, 10, 20, 30]);
  expect(seed!.runs.map((run) => run.directory)).toEqual(
    [0, 1].map((level) => join(directory, `seed1/level-${level}`)),
  );
});

it('leaves out a hierarchy until its last level has finished', async () => {
  await write('seed1/level-0', 1);
  for (const level of [0, 1]) await write(`seed2/level-${level}`, 2, level === 0 ? 30 : 20);
  for (const level of [0, 1]) await write(`seed3/level-${level}`, 3);
  await write('seed4', 4);
  expect(await seedsOf(2)).toEqual([3]);
  expect(await seedsOf()).toEqual([4]);
});

it('refuses a run in the place of another seed', async () => {
  await write('seed1/level-0', 1);
  await write('seed1/level-1', 2);
  await expect(readSeeds(directory, 2)).rejects.toThrow(/level-1: expected seed 1, got 2/);
});
