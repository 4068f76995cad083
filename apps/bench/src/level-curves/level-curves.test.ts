import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeStoredRun } from '../test-support/stored-run.js';
import { antFigure, halfCheetahFigure, scoreVariants } from './index.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'maxent-levels-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function write(path: string, seed: number, returns: readonly number[], steps = 10 * returns.length) {
  const rows = returns.map((returnMean, i) => ({
    ...{ type: 'evaluation', step: 10 * (i + 1), returnMean, returnStd: 0, episodes: 1 },
    ...{ returns: [returnMean], lengths: [1000], wallSeconds: 1 },
  }));
  const agent = { name: 'lsp', config: {} };
  const environment = { id: 'HalfCheetah-v5', options: {} };
  const evaluation = { every: 10, episodes: 1 };
  await writeStoredRun(join(directory, path), { agent, environment, steps, seed, evaluation }, rows);
}

it('scores the last three evaluations, over the levels of a hierarchy, and judges once all seeds are there', async () => {
  for (const seed of [1, 2, 3]) {
    await write(`sac/seed${seed}`, seed, [0, 100, 100, 100]);
    await write(`flow/seed${seed}`, seed, [0, 75 + seed, 80, 80]);
  }
  await write('two-levels/seed1/level-0', 1, [0, 30]);
  await write('two-levels/seed1/level-1', 1, [60, 90]);
  const { ratios, passes, notes, rows } = await scoreVariants(directory, halfCheetahFigure);
  // Means of (76, 80, 80), (77, 80, 80) and (78, 80, 80).
  expect(ratios.flowOverSac).toBeCloseTo((76 + 77 + 78 + 6 * 80) / 900, 12);
  expect(passes).toBe(false);
  expect(rows[2]?.runs).toEqual([60]);
  expect(Object.keys(ratios)).toEqual(['flowOverSac']);
  expect(rows.map(({ label }) => label)).toEqual(['Gaussian SAC', 'one level', 'two levels']);
  expect(notes.join()).toContain('two-levels/seed2, two-levels/seed3, two-levels-early/seed1');
  expect(await readFile(join(directory, 'learning-curves.svg'), 'utf8')).toMatch(/^<svg/);
});

it('leaves out what has not finished', async () => {
  await write('sac/seed1', 1, [1, 2, 3]);
  await write('flow/seed1', 1, [1, 2, 3], 40);
  await write('two-levels/seed1/level-0', 1, [1, 2, 3]);
  const { passes, rows } = await scoreVariants(directory, halfCheetahFigure);
  expect(passes).toBeNull();
  expect(rows).toHaveLength(1);
  await rm(join(directory, 'sac'), { recursive: true });
  await expect(scoreVariants(directory, halfCheetahFigure)).rejects.toThrow(
    'expected finished runs, found none',
  );
});

it('shows a single seed without judging it', async () => {
  for (const path of ['sac', 'flow', 'four-couplings']) await write(`${path}/seed1`, 1, [1, 2, 3]);
  for (const level of [0, 1]) await write(`two-levels/seed1/level-${level}`, 1, [1, 2, 3]);
  const { passes, notes, ratios } = await scoreVariants(directory, antFigure);
  expect(passes).toBeNull();
  expect(ratios['two-levelsOverSac']).toBe(1);
  expect(notes.join()).toContain('not judged');
  expect(notes.join()).not.toContain('not there yet');
  expect(await readFile(join(directory, 'learning-curves.svg'), 'utf8')).toContain('Ant-v5');
});
