import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { maximumEntropyFlow } from '@maxent/agents';
import { parseConfig } from '@maxent/core';
import type { RunConfig } from '@maxent/training';
import { beforeEach, expect, it } from 'vitest';
import { writeStoredRun } from '../../test-support/stored-run.js';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';
import { HOPPER, judgeMeow, PENDULUM } from './index.js';

let directory: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
});

interface Changes {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly environment?: string;
  readonly steps?: number;
  readonly envs?: number;
  readonly evaluation?: RunConfig['evaluation'];
  /** Evaluations that are missing at the end. */
  readonly missing?: number;
}

/** A run whose last evaluation has this mean, 30 more than the one before; an hour on two threads. */
async function write(
  task: typeof PENDULUM,
  seed: number,
  score: number,
  changes: Changes = {},
): Promise<void> {
  const { settings, environment = task.id, steps = task.steps, missing = 0, ...own } = changes;
  const { evaluation = task.evaluation } = own;
  const count = steps / evaluation.every;
  const rows = Array.from({ length: count - missing }, (_, i) => ({
    ...{ type: 'evaluation', step: evaluation.every * (i + 1), returnStd: 0, episodes: evaluation.episodes },
    ...{ returnMean: score + 30 * (i - count + 1) },
    ...{ returns: Array(evaluation.episodes).fill(score), lengths: Array(evaluation.episodes).fill(200) },
    wallSeconds: (3600 * (i + 1)) / count,
  }));
  const config = parseConfig(maximumEntropyFlow.config, { ...task.settings, ...settings });
  const provenance = {
    startedAt: '2030-01-01T00:00:00Z',
    versions: {},
    machine: {},
    backend: { threads: 2 },
  };
  const agent = { name: 'meow', config: config as RunConfig['agent']['config'] };
  await writeStoredRun(
    join(directory, `meow-${task.id}-seed${seed}`),
    { agent, environment: { id: environment, options: {} }, steps, seed, provenance, ...own, evaluation },
    rows,
  );
}

it('counts the seeds above -200 and shows Hopper', async () => {
  for (const [i, score] of [-150, -199, -200, -160, -400].entries()) await write(PENDULUM, i + 1, score);
  await write(HOPPER, 1, 900);
  const { checks, missing, table, pictures } = await judgeMeow(directory);
  expect(missing).toEqual([]);
  expect(checks).toEqual([
    { name: 'Pendulum-v1: seeds above -200', value: 3, limit: 4, must: 'be at least' },
  ]);
  expect(table.at(-1)).toEqual({
    ...{
      task: 'Hopper-v5',
      seed: 1,
      steps: 300_000,
      'last return': 900,
      'mean of the last three': 870,
      'best return': 900,
      'core-hours, at most': 2,
    },
  });
  expect(table).toHaveLength(6);
  expect(Object.keys(pictures)).toEqual(['Pendulum-v1', 'Hopper-v5']);
});

it('says what is missing, and decides nothing about Pendulum before all its seeds are there', async () => {
  for (const seed of [1, 2, 3, 4]) await write(PENDULUM, seed, -150);
  await write(PENDULUM, 5, -150, { missing: 1 });
  await write(PENDULUM, 6, -150);
  const { checks, missing, table } = await judgeMeow(directory);
  expect([checks, missing]).toEqual([[], ['meow-Pendulum-v1-seed5', 'meow-Hopper-v5-seed1']]);
  expect(table).toHaveLength(4);
});

it('refuses a directory without finished runs', async () => {
  await expect(judgeMeow(directory)).rejects.toThrow('expected finished runs, found none');
});

it.each<[string, Changes, string]>([
  ['in another environment', { environment: 'Hopper-v5' }, 'environment "Pendulum-v1", got "Hopper-v5"'],
  ['of more steps', { steps: 30_000 }, `steps ${PENDULUM.steps}, got 30000`],
  ['in several environments', { envs: 2 }, 'envs absent, got 2'],
  [
    'with fewer episodes',
    { evaluation: { every: 3000, episodes: 5 } },
    'evaluation {"every":3000,"episodes":10}',
  ],
  ['at another temperature', { settings: { temperature: 0.2 } }, 'temperature 1, got 0.2'],
])('refuses a run %s', async (_, changes, message) => {
  await write(PENDULUM, 2, -150, changes);
  await expect(judgeMeow(directory)).rejects.toThrow(`meow-Pendulum-v1-seed2: expected ${message}`);
});

it.each([PENDULUM, HOPPER])('is trained by the commands of the plan as it is judged: $id', async (task) => {
  const { config, presets } = maximumEntropyFlow;
  const plan = await readFile(new URL('./plan.md', import.meta.url), 'utf8');
  const command = plan
    .replaceAll(/\\\n +/g, '')
    .split('\n')
    .find((line) => line.includes(`--env ${task.id}`))!;
  const { every, episodes } = task.evaluation;
  expect(command).toContain(
    `--steps ${task.steps} --seed 1 --eval-every ${every} --eval-episodes ${episodes}`,
  );
  const given = [...command.matchAll(/--set (\w+)=(\S+)/g)].map(([, key, value]) => [
    key,
    JSON.parse(value!),
  ]);
  expect(parseConfig(config, { ...presets![task.id]!, ...Object.fromEntries(given) })).toEqual(
    parseConfig(config, task.settings),
  );
});
