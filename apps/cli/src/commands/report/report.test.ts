import { existsSync } from 'node:fs';
import { appendFile, cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runInProcess } from '../../test-support/run-in-process.js';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';
import { reportAnswer } from './answer.js';

const plugin = fileURLToPath(new URL('../../test-support/plugin.ts', import.meta.url));

/** Trains runs of the plugin: name, seed, speed, and steps if not 20. */
async function trainedIn(
  directory: string,
  ...runs: [out: string, seed: number, speed: number, steps?: number][]
) {
  for (const [out, seed, speed, steps = 20] of runs) {
    await runInProcess(
      [
        ...['train', 'steady', '--plugin', plugin, '--env', 'Walk-v0', '--steps', `${steps}`],
        ...['--eval-every', '10', '--out', out, '--seed', `${seed}`, '--set', `speed=${speed}`],
      ],
      { directory },
    );
  }
}

// The first test of the file loads all of the command line.
test('compares runs: those that differ in the seed only share a curve', async () => {
  const directory = await temporaryDirectory();
  await trainedIn(directory, ['slow-1', 1, 1], ['slow-2', 2, 1], ['fast', 1, 3]);
  const args = ['report', 'slow-1', 'slow-2', 'fast', '--curve', 'curves.svg'];
  const { runs, curve, comparison } = reportAnswer.parse(
    (await runInProcess([...args, '--json'], { directory })).json,
  );
  expect(comparison).toMatchObject({
    html: null,
    groups: [{ runDirs: ['slow-1', 'slow-2'] }, { runDirs: ['fast'] }],
  });
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
}, 60_000);

describe('--html with several runs', () => {
  test('writes a page that agrees with the terminal and with --json', async () => {
    const directory = await temporaryDirectory();
    await trainedIn(directory, ['slow 1', 1, 1], ['slow-2', 2, 1], ['fast', 1, 3, 30]);
    await mkdir(join(directory, 'pages'));
    const args = ['report', 'slow 1', 'slow-2', 'fast', '--html', 'pages/all.html', '--threshold', '9'];
    const { out } = await runInProcess(args, { directory });
    expect(out).toContain('steady on Walk-v0, seed 1: return 15.00 at step 30; ');
    expect(out).toMatch(/speed 1, 2 seeds +5\.00 +5\.00 to 5\.00, 2 runs +not reached \(0 of 2\)/);
    expect(out).toMatch(/speed 3, seed 1 +15\.00 +one run +10 \(1 of 1\)/);
    expect(out).toMatch(/Comparison: pages\/all\.html\n$/);
    const page = await readFile(join(directory, 'pages/all.html'), 'utf8');
    expect(page).toContain('href="../slow%201/report.html"');
    expect(page).toContain('Highest return at step 20: speed 3, seed 1, with 15 against 5 of the next.');
    expect(page).toContain('the longest go on to step 30');
    expect(page).toContain('reached by 0 of 2 runs');
    const { json } = await runInProcess([...args, '--json'], { directory });
    const range = { low: 5, high: 5 };
    expect(reportAnswer.parse(json).comparison).toMatchObject({
      ...{ html: 'pages/all.html', step: 20, threshold: 9 },
      groups: [
        { label: 'speed 1, 2 seeds', score: { interquartileMean: 5, interval: null, range }, reached: 0 },
        { label: 'speed 3, seed 1', runDirs: ['fast'], reached: 1, reachedAt: 10 },
      ],
    });
  });

  test('tells what cannot be compared, before it writes anything', async () => {
    const directory = await temporaryDirectory();
    await trainedIn(directory, ['a', 1, 1], ['b', 2, 1]);
    await cp(join(directory, 'b'), join(directory, 'other'), { recursive: true });
    const config = await readFile(join(directory, 'other/config.json'), 'utf8');
    await writeFile(join(directory, 'other/config.json'), config.replace('"Walk-v0"', '"Swim-v0"'));
    await rm(join(directory, 'other/checkpoints'), { recursive: true });
    await mkdir(join(directory, 'empty'));
    await symlink('a', join(directory, 'link'));
    const refused = async (...args: string[]) => {
      const { exitCode, json } = await runInProcess(['report', ...args, '--json'], { directory });
      return [exitCode, json.error.field, json.error.message];
    };
    const html = ['--html', 'page.html'];
    expect(await refused('a', 'other', ...html)).toEqual([
      ...[2, '--html'],
      expect.stringContaining('expected runs in one environment, got Walk-v0 (a) and Swim-v0 (other)'),
    ]);
    expect(await refused('a', 'a', ...html)).toEqual([
      2,
      'RUN_DIR',
      expect.stringContaining('"a" is given twice'),
    ]);
    expect(await refused('a', 'b', 'link', ...html)).toEqual([
      ...[2, 'RUN_DIR'],
      expect.stringContaining('"a" and "link" are one run; name each run once'),
    ]);
    expect(await refused('a', 'empty', ...html)).toEqual([
      2,
      'RUN_DIR',
      expect.stringContaining('empty" holds no run'),
    ]);
    expect(await refused('a', '--threshold', '3')).toEqual([
      ...[2, '--threshold'],
      expect.stringContaining('is for a comparison of several runs: add --html FILE'),
    ]);
    expect(existsSync(join(directory, 'page.html'))).toBe(false);
    expect((await refused('a', 'b', '--html', 'nowhere/page.html')).slice(0, 2)).toEqual([2, '--html']);
  });

  test('lists a run that has no evaluation, and says what is damaged', async () => {
    const directory = await temporaryDirectory();
    await trainedIn(directory, ['a', 1, 1], ['b', 2, 1], ['c', 3, 1]);
    await writeFile(join(directory, 'b/metrics.jsonl'), '');
    await appendFile(join(directory, 'c/metrics.jsonl'), '{"type":\n');
    const args = ['report', 'a', 'b', 'c', '--html', 'page.html', '--threshold', '5'];
    const { exitCode, err, out } = await runInProcess(args, { directory });
    expect(exitCode).toBe(0);
    expect(err).toContain('warning:');
    const page = await readFile(join(directory, 'page.html'), 'utf8');
    expect(out).toMatch(/steady, 3 seeds +5\.00 +5\.00 to 5\.00, 2 runs +10 \(2 of 2\)/);
    expect(page).toContain('b has no evaluation yet, and is only listed.');
    expect(page).toMatch(/class="warning">c: /);
  });
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
});
