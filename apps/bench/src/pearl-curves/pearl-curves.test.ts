import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeStoredRun } from '../test-support/stored-run.js';
import { judgeFamilies } from './index.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'maxent-pearl-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** A finished run whose every evaluation has these returns of two test tasks, [tasks][episodes]. */
async function write(
  path: string,
  returns: readonly (readonly number[])[],
  successes?: readonly (readonly number[])[],
): Promise<void> {
  const last = returns.map((task) => task.at(-1)!);
  const rows = [10, 20].map((step) => ({
    ...{ type: 'evaluation', step, returnMean: (last[0]! + last[1]!) / 2, returnStd: 0, episodes: 2 },
    ...{ returns: last, lengths: [20, 20], wallSeconds: 1 },
    adaptation: { explorationEpisodes: 1, returns, ...(successes && { successes }) },
  }));
  const agent = { name: 'pearl', config: {} };
  const environment = { id: 'PointRobot', options: {} };
  const config = { agent, environment, family: true as const, steps: 20, seed: Number(path.at(-1)) };
  await writeStoredRun(join(directory, path), config, rows);
}

const tasks = (adapted: number) => [
  [-30, adapted],
  [-30, adapted],
];

it('judges PEARL between its bounds, family by family', async () => {
  for (const seed of [1, 2, 3]) {
    await write(`point/pearl/seed${seed}`, tasks(-6 - seed));
    await write(`point/oracle/seed${seed}`, tasks(-6));
    await write(`point/blind/seed${seed}`, tasks(-16));
    await write(`cheetah-dir/pearl/seed${seed}`, tasks([0, 40, 60, 80][seed]!));
    await write(`cheetah-dir/oracle/seed${seed}`, tasks(100));
    await write(`cheetah-dir/blind/seed${seed}`, tasks(0));
    await write(`sparse/pearl/seed${seed}`, tasks(-6), [
      [0, 1],
      [0, seed === 1 ? 0 : 1],
    ]);
    await write(`sparse/blind/seed${seed}`, tasks(-6), [
      [0, 0],
      [0, seed === 1 ? 1 : 0],
    ]);
  }
  const { checks, failures, pictures } = await judgeFamilies(directory);
  const value = (part: string) => checks.find(({ name }) => name.includes(part))!.value;
  // Returns of -7, -8 and -9 between -16 and -6.
  expect(value('PointRobot: way')).toBeCloseTo(0.8, 12);
  expect(value('success in the last episode')).toBeCloseTo(5 / 6, 12);
  expect(checks.find(({ name }) => name.includes('three times'))!.limit).toBeCloseTo(0.5, 12);
  expect(value('half way')).toBe(2);
  expect(failures!.filter((line) => !line.startsWith('PointRobot'))).toEqual([]);
  expect(pictures).toHaveLength(7);
  expect(await readFile(join(directory, 'sparse', 'success-curves.svg'), 'utf8')).toMatch(/^<svg/);
});

it('names what is missing, and does not judge without it', async () => {
  await write('point/pearl/seed1', tasks(-7));
  const { checks, notes, rows } = await judgeFamilies(directory);
  expect(checks).toEqual([]);
  expect(rows).toHaveLength(1);
  expect(notes.join()).toContain('point/pearl/seed2, point/pearl/seed3, point/oracle/seed1');
  await rm(join(directory, 'point'), { recursive: true });
  await expect(judgeFamilies(directory)).rejects.toThrow('expected finished runs, found none');
});
