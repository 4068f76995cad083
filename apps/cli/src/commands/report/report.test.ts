import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runInProcess } from '../../test-support/run-in-process.js';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';
import { reportAnswer } from './answer.js';

const plugin = fileURLToPath(new URL('../../test-support/plugin.ts', import.meta.url));

test('compares runs: those that differ in the seed only share a curve', async () => {
  const directory = await temporaryDirectory();
  const train = (out: string, seed: string, speed: string) =>
    runInProcess(
      [
        ...['train', 'steady', '--plugin', plugin, '--env', 'Walk-v0', '--steps', '20', '--eval-every', '10'],
        ...['--out', out, '--seed', seed, '--set', `speed=${speed}`],
      ],
      { directory },
    );
  await train('slow-1', '1', '1');
  await train('slow-2', '2', '1');
  await train('fast', '1', '3');
  const args = ['report', 'slow-1', 'slow-2', 'fast', '--curve', 'curves.svg'];
  const { runs, curve } = reportAnswer.parse((await runInProcess([...args, '--json'], { directory })).json);
  expect(runs.map(({ runDir, seed, lastEvaluation }) => [runDir, seed, lastEvaluation?.returnMean])).toEqual([
    ['slow-1', 1, 5],
    ['slow-2', 2, 5],
    ['fast', 1, 15],
  ]);
  for (const { report } of runs) expect(await readFile(report, 'utf8')).toContain('steady on Walk-v0');
  const picture = await readFile(join(directory, curve!), 'utf8');
  expect(picture).toContain('>speed 1, 2 seeds<');
  expect(picture).toContain('>speed 3, seed 1<');
  const lost = await runInProcess(['report', 'fast', '--curve', 'nowhere/curves.svg', '--json'], {
    directory,
  });
  expect([lost.exitCode, lost.json.error.field]).toEqual([2, '--curve']);
  const { out } = await runInProcess(args, { directory });
  expect(out).toContain('steady on Walk-v0, seed 2: return 5.00 at step 20; ');
});

test('draws the levels of a hierarchy apart, though they are set alike', async () => {
  const directory = await temporaryDirectory();
  for (const seed of ['1', '2']) {
    await runInProcess(
      [
        ...['train', 'lsp', '--env', 'PointMaze-v0', '--levels', '20,20', '--eval-every', '10'],
        ...['--out', `h${seed}`, '--seed', seed, '--eval-episodes', '1'],
        ...['--set', 'hiddenSizes=[8]', '--set', 'learningStarts=20'],
      ],
      { directory },
    );
  }
  const levels = ['h1/level-0', 'h1/level-1', 'h2/level-0', 'h2/level-1'];
  await runInProcess(['report', ...levels, '--curve', 'curves.svg'], { directory });
  const picture = await readFile(join(directory, 'curves.svg'), 'utf8');
  expect(picture).toContain('>level 0, 2 seeds<');
  expect(picture).toContain('>level 1, continued, 2 seeds<');
});

describe('the page of one run', () => {
  const trainLake = async () => {
    const directory = await temporaryDirectory();
    await runInProcess(
      'train soft-q-learning --env FrozenLake-v1 --steps 400 --eval-every 200 --eval-episodes 2 --out run'.split(
        ' ',
      ),
      { directory },
    );
    return directory;
  };

  test('has pictures of the best policy and says what metrics mean, wherever it is written', async () => {
    const directory = await trainLake();
    await mkdir(join(directory, 'pages'));
    const args = ['report', 'run', '--html', 'pages/lake.html', '--json'];
    const { exitCode, json, err } = await runInProcess(args, { directory });
    expect([exitCode, err]).toEqual([0, '']);
    expect(json.runs[0].report).toBe(join(directory, 'pages', 'lake.html'));
    const page = await readFile(join(directory, 'pages/lake.html'), 'utf8');
    const { json: best } = await runInProcess(
      ['eval', 'run', '--episodes', '1', '--checkpoint', 'best', '--json'],
      { directory },
    );
    const pictures = page.match(
      /<img src="data:image\/svg\+xml,[^"]+" alt="The environment after \d+ of (\d+) steps">/g,
    )!;
    expect(pictures.length).toBeGreaterThan(1);
    expect(pictures.length).toBeLessThanOrEqual(13);
    expect(pictures.at(-1)).toContain(`after ${best.lengths[0]} of ${best.lengths[0]} steps`);
    expect(page).toContain(`href="../run/checkpoints/best-step-${best.step}/"`);
    expect(page).toContain('maxent watch ../run --html watch.html');
    expect(page).toContain('Probability that the action is drawn at random.');
    const without = await runInProcess(['report', 'run', '--no-film', '--json'], { directory });
    expect(await readFile(without.json.runs[0].report, 'utf8')).not.toContain('<img');
  });

  test('is written without the plugin of its run, and a warning says what to add', async () => {
    const directory = await temporaryDirectory();
    const train = [
      'train',
      'steady',
      '--plugin',
      plugin,
      '--env',
      'Walk-v0',
      '--steps',
      '20',
      '--eval-every',
      '10',
    ];
    await runInProcess([...train, '--out', 'run'], { directory });
    const { exitCode, err } = await runInProcess(['report', 'run', '--json'], { directory });
    expect(exitCode).toBe(0);
    expect(err).toMatch(/^warning: no pictures of the best policy: .*steady/);
    expect(err).toContain('--plugin');
  });

  test('is one', async () => {
    const directory = await trainLake();
    const args = ['report', 'run', 'run', '--html', 'page.html', '--json'];
    const { exitCode, json } = await runInProcess(args, { directory });
    expect([exitCode, json.error.field]).toEqual([2, '--html']);
  });
});
