import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runInProcess } from '../../test-support/run-in-process.js';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';
import { trainAnswer } from '../train/answer.js';
import { evalAnswer } from './answer.js';

const plugin = fileURLToPath(new URL('../../test-support/shifting-plugin.ts', import.meta.url));
const start = [
  ...['train', 'echo', '--plugin', plugin, '--env', 'Shifted-v0', '--steps', '200', '--seed', '1'],
  ...['--eval-every', '100', '--eval-episodes', '2', '--eval-max-steps', '5', '--json'],
];

/** What the policy earns in 5 steps once the mean has been learned for `steps` steps. */
const earned = (steps: number) => 5 * 100 * 0.99 ** steps;

test('evaluations see the statistics of training, frozen, and tell rewards as the environment pays', async () => {
  const directory = await temporaryDirectory();
  const trained = await runInProcess([...start, '--out', 'run'], { directory });
  expect(trained.exitCode).toBe(0);
  const [first, last] = trainAnswer.parse(trained.json).evaluations;
  expect(first!.returnMean).toBeCloseTo(earned(100), 6);
  expect(last).toMatchObject({ returnStd: 0, episodes: 2, cutEpisodes: 2 });
  expect(last!.returnMean).toBeCloseTo(earned(200), 6);
  expect(last!.transformedReturnMean).toBeCloseTo(earned(200) / 10, 6);
  expect(trained.err.match(/were cut/g)).toHaveLength(1);

  const evaluate = async (...more: string[]) => {
    const args = ['eval', 'run', '--plugin', plugin, '--episodes', '2', '--json', ...more];
    return runInProcess(args, { directory });
  };
  const evaluated = await evaluate();
  const answer = evalAnswer.parse(evaluated.json);
  expect(answer).toMatchObject({ lengths: [5, 5], cutEpisodes: 2, returnMean: last!.returnMean });
  expect(answer.transformedReturnMean).toBeCloseTo(earned(200) / 10, 6);
  expect(evaluated.err).toContain('--eval-max-steps');
  expect((await evaluate('--eval-max-steps', '3')).json.lengths).toEqual([3, 3]);
});

test('resumed, the statistics of an environment without getState go on', async () => {
  const directory = await temporaryDirectory();
  await runInProcess([...start, '--out', 'run'], { directory });
  const resume = ['train', '--resume', '--plugin', plugin, '--out', 'run', '--steps', '300', '--json'];
  const { json } = await runInProcess(resume, { directory });
  expect(json.evaluations[2].returnMean).toBeCloseTo(earned(300), 6);
  const config = JSON.parse(await readFile(join(directory, 'run', 'config.json'), 'utf8'));
  expect(config.evalMaxSteps).toBe(5);
});

test('a bound is not changed on the way', async () => {
  const directory = await temporaryDirectory();
  await runInProcess([...start, '--out', 'run'], { directory });
  const resume = ['train', '--resume', '--plugin', plugin, '--out', 'run', '--eval-max-steps', '6', '--json'];
  const { exitCode, json } = await runInProcess(resume, { directory });
  expect([exitCode, json.error.field]).toEqual([2, '--eval-max-steps']);
});
