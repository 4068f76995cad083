import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeStoredRun } from '../../test-support/stored-run.js';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';
import { judgeQuickStarts } from '../quick-start/index.js';
import { judgeBackends } from './index.js';

const STOPPING = { every: 10, episodes: 10, stopWhen: { returnAtLeast: 950, consecutive: 2 } };

/** A run of 40 steps, evaluated every 10, with these returns. */
async function write(
  directory: string,
  environment: string,
  seed: number,
  returns: readonly number[],
  backend = 'wasm',
): Promise<void> {
  const rows = returns.map((returnMean, i) => ({
    ...{ type: 'evaluation', step: 10 * (i + 1), returnMean, returnStd: 0, episodes: 10, wallSeconds: 1 },
    ...{ returns: Array(10).fill(returnMean), lengths: Array(10).fill(9) },
  }));
  const run = {
    agent: { name: 'sac', config: {} },
    environment: { id: environment, options: {} },
    steps: 40,
    seed,
  };
  const evaluation = environment === 'Pendulum-v1' ? { every: 10, episodes: 10 } : STOPPING;
  await writeStoredRun(join(directory, `seed${seed}`), { ...run, evaluation, backend }, rows);
}

it('compares the mean scores on Pendulum and counts the seeds that succeed on both', async () => {
  const directory = await temporaryDirectory();
  for (const backend of ['native', 'wasm']) {
    for (const seed of [1, 2, 3]) {
      const score = backend === 'native' ? -170 - seed : -150 - seed;
      const pendulum = join(directory, 'pendulum', backend);
      await write(pendulum, 'Pendulum-v1', seed, [-900, score, score, score], backend);
      const last = backend === 'native' && seed === 3 ? 900 : 960;
      const inverted = join(directory, 'inverted-pendulum', backend);
      await write(inverted, 'InvertedPendulum-v5', seed, [950, 40, 960, last], backend);
    }
  }
  const { checks, table, missing } = await judgeBackends(directory);
  expect(missing).toEqual([]);
  expect(checks.map(({ value, limit }) => [value, limit])).toEqual([
    [20, 25],
    [2, 3],
    [3, 3],
  ]);
  expect(table).toHaveLength(12);
  expect(table[5]).toMatchObject({ backend: 'native', seed: 3, 'solved after': 'never' });
});

it('refuses a run of another backend, and says what is missing', async () => {
  const directory = await temporaryDirectory();
  const pendulum = join(directory, 'pendulum', 'native');
  await write(pendulum, 'Pendulum-v1', 1, [-1, -1, -1, -1], 'native');
  const { checks, missing } = await judgeBackends(directory);
  expect(checks).toEqual([]);
  expect(missing!.slice(0, 2)).toEqual(['pendulum/native/seed2', 'pendulum/native/seed3']);
  await write(pendulum, 'Pendulum-v1', 2, [-1, -1, -1, -1], 'wasm');
  await expect(judgeBackends(directory)).rejects.toThrow('expected backend "native", got "wasm"');
});

it('counts the quick starts that succeed', async () => {
  const directory = await temporaryDirectory();
  for (const seed of [1, 2, 3]) await write(directory, 'InvertedPendulum-v5', seed, [10, 960, 1000]);
  for (const seed of [4, 5]) await write(directory, 'InvertedPendulum-v5', seed, [960, 10, 960, 40]);
  const { checks, table } = await judgeQuickStarts(directory);
  expect(checks).toMatchObject([{ value: 3, limit: 4 }]);
  expect(table[0]).toEqual({ seed: 1, 'solved after': 30, 'last return': 1000 });
  expect(table[3]).toEqual({ seed: 4, 'solved after': 'never', 'last return': 40 });
});
