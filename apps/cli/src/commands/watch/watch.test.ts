import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runInProcess } from '../../test-support/run-in-process.js';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';
import { watchAnswer } from './answer.js';

async function watched(train: string, ...more: string[]) {
  const directory = await temporaryDirectory();
  const trained = await runInProcess([...train.split(' '), '--out', 'run'], { directory });
  expect(trained.exitCode).toBe(0);
  const { exitCode, json, err } = await runInProcess(
    ['watch', 'run', '--html', 'page.html', ...more, '--json'],
    { directory },
  );
  expect(exitCode, err).toBe(0);
  const page = await readFile(join(directory, 'page.html'), 'utf8');
  const evaluated = await runInProcess(
    ['eval', 'run', '--episodes', '1', '--checkpoint', 'best', ...more, '--json'],
    { directory },
  );
  return { answer: watchAnswer.parse(json), page, evaluated: evaluated.json };
}

test('an episode of sac is the one that eval runs, on a page of its own', async () => {
  const { answer, page, evaluated } = await watched(
    'train sac --env Pendulum-v1 --steps 150 --eval-every 100 --eval-episodes 1 --set hiddenSizes=[8] --set learningStarts=50 --set batchSize=16',
  );
  expect(answer).toMatchObject({
    html: 'page.html',
    length: 200,
    pictures: 201,
    return: evaluated.returns[0],
    step: evaluated.step,
    bytes: Buffer.byteLength(page),
  });
  expect(answer.bytes).toBeLessThan(100_000);
  expect(page).toContain('sac on Pendulum-v1');
  for (const text of ['Q(s, a) of the action', '>torque<', '>cos angle<']) expect(page).toContain(text);
  expect(page).toContain('mean \u00b1 standard deviation, from 32 draws');
  // Nothing is loaded, and the policy of the page allows nothing.
  expect(page.replace(/xmlns="[^"]*"/g, '')).not.toMatch(/https?:|src=|href=/);
  expect(page).toContain("default-src 'none'");
});

test('an episode on a grid has named actions, exact probabilities and a value', async () => {
  const { page, answer, evaluated } = await watched(
    'train soft-q-learning --env FrozenLake-v1 --steps 400 --eval-every 200 --eval-episodes 2',
    '--stochastic',
    '--seed',
    '5',
  );
  expect(answer.length).toBe(evaluated.lengths[0]);
  for (const text of ['\u2190 left', '\u2192 right', 'Probability of each action<', 'Q(s, a)']) {
    expect(page).toContain(text);
  }
});

test('an episode of a level that continues the one below is the one that eval runs', async () => {
  const directory = await temporaryDirectory();
  const run = (...args: string[]) => runInProcess([...args, '--json'], { directory });
  const small = ['--set', 'hiddenSizes=[8]', '--set', 'batchSize=16', '--set', 'learningStarts=20'];
  const schedule = ['--eval-every', '40', '--eval-episodes', '1', '--eval-max-steps', '20'];
  const levels = ['--levels', '40,40', ...schedule, ...small];
  const trained = await run('train', 'lsp', '--env', 'PointMaze-v0', ...levels, '--out', 'h');
  expect(trained.exitCode, trained.err).toBe(0);
  const config = JSON.parse(await readFile(join(directory, 'h/level-1/config.json'), 'utf8'));
  expect(config.level.continued).toBe(1);
  const { exitCode, json, err } = await run('watch', 'h/level-1', '--html', 'page.html');
  expect(exitCode, err).toBe(0);
  const evaluated = await run('eval', 'h/level-1', '--episodes', '1', '--checkpoint', 'best');
  expect([json.return, json.step]).toEqual([evaluated.json.returns[0], evaluated.json.step]);
});

test('a run whose environment cannot be drawn is refused with what to add', async () => {
  const directory = await temporaryDirectory();
  const plugin = fileURLToPath(new URL('../../test-support/shifting-plugin.ts', import.meta.url));
  const trained = await runInProcess(
    [
      'train',
      'echo',
      '--plugin',
      plugin,
      '--env',
      'Shifted-v0',
      '--steps',
      '100',
      '--eval-max-steps',
      '5',
      '--out',
      'run',
    ],
    { directory },
  );
  expect(trained.exitCode).toBe(0);
  const args = ['watch', 'run', '--plugin', plugin, '--html', 'page.html', '--json'];
  const { exitCode, json } = await runInProcess(args, { directory });
  expect([exitCode, json.error.code]).toEqual([2, 'INVALID_INPUT']);
  expect(json.error.message).toMatch(/Shifted-v0 has no render method.*<svg viewBox=/);
});
