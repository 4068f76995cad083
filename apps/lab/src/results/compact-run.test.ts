import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DamagedDataError } from '@maxent/core';
import { readRun } from '@maxent/training/node';
import { expect, it } from 'vitest';
import { writeStoredRun } from '../test-support/stored-run.js';
import { temporaryDirectory } from '../test-support/temporary-directory.js';
import { compactRun } from './compact-run.js';

const run = {
  agent: { name: 'pearl', config: { batchSize: 4 } },
  environment: { id: 'PointRobot', options: {} },
  ...{ steps: 40, seed: 1 },
};

const evaluationAt = (step: number, returnMean = step / 3) => ({
  ...{ type: 'evaluation', step, returnMean, returnStd: 0.1, episodes: 1, returns: [returnMean] },
  ...{
    lengths: [20],
    wallSeconds: step / 7,
    adaptation: { explorationEpisodes: 1, returns: [[-1, step / 3]] },
  },
});

/** A run as the loop writes it: episodes, metrics and evaluations. */
const rowsUpTo = (steps: number) =>
  [10, 20, 30, 40]
    .filter((step) => step <= steps)
    .flatMap((step) => [
      { type: 'episode', step, return: 1, length: 10, terminated: false, wallSeconds: 1 },
      { type: 'metrics', step, updates: step, values: { loss: 1 }, wallSeconds: 1, stepsPerSecond: 9 },
      evaluationAt(step),
    ]);

const linesOf = async (directory: string): Promise<unknown[]> =>
  (await readFile(join(directory, 'metrics.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

it('keeps the configuration as it is and the evaluations to the last digit', async () => {
  const directory = await temporaryDirectory();
  const [from, to] = [join(directory, 'run'), join(directory, 'kept')];
  await writeStoredRun(from, run, rowsUpTo(40));
  expect(await compactRun(from, to)).toEqual([to]);
  expect((await readdir(to)).sort()).toEqual(['config.json', 'metrics.jsonl']);
  expect(await readFile(join(to, 'config.json'))).toEqual(await readFile(join(from, 'config.json')));
  // What happened within the episodes of test tasks is drawn from the last three evaluations only.
  const { adaptation: _, ...first } = evaluationAt(10);
  expect(await linesOf(to)).toEqual([first, evaluationAt(20), evaluationAt(30), evaluationAt(40)]);
  expect((await (await readRun(to)).readRows()).warnings).toEqual([]);
  // What is compact stays as it is.
  await compactRun(to, to);
  expect(await linesOf(to)).toEqual([first, evaluationAt(20), evaluationAt(30), evaluationAt(40)]);
});

it('keeps every level of a hierarchy', async () => {
  const directory = await temporaryDirectory();
  for (const level of [0, 1]) await writeStoredRun(join(directory, `run/level-${level}`), run, rowsUpTo(40));
  await compactRun(join(directory, 'run'), join(directory, 'kept'));
  expect((await readdir(join(directory, 'kept'))).sort()).toEqual(['level-0', 'level-1']);
  expect(await linesOf(join(directory, 'kept/level-1'))).toHaveLength(4);
});

it('takes a run that stopped because it had learned enough', async () => {
  const directory = await temporaryDirectory();
  const from = join(directory, 'run');
  const evaluation = { every: 10, episodes: 1, stopWhen: { returnAtLeast: 5, consecutive: 2 } };
  await writeStoredRun(from, { ...run, evaluation }, [evaluationAt(10, 6), evaluationAt(20, 5)]);
  await compactRun(from, join(directory, 'kept'));
  await writeStoredRun(from, { ...run, evaluation }, [evaluationAt(10, 4), evaluationAt(20, 5)]);
  await expect(compactRun(from, join(directory, 'kept'))).rejects.toThrow('expected a finished run');
});

it('refuses a run that has not finished, one with damaged rows, and what is not a run', async () => {
  const directory = await temporaryDirectory();
  const [from, to] = [join(directory, 'run'), join(directory, 'kept')];
  await writeStoredRun(from, run, rowsUpTo(30));
  await expect(compactRun(from, to)).rejects.toThrow(
    `${from}: expected a finished run, whose last evaluation is at step 40; got 30`,
  );
  await writeStoredRun(from, run, [...rowsUpTo(40), { type: 'evaluation', step: 'x' }]);
  await expect(compactRun(from, to)).rejects.toThrow(DamagedDataError);
  await expect(compactRun(join(directory, 'none'), to)).rejects.toThrow('holds no run');
  expect(await readdir(directory)).toEqual(['run']);
});
