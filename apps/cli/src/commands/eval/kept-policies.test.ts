import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runInProcess } from '../../test-support/run-in-process.js';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';
import { trainAnswer } from '../train/answer.js';
import { evalAnswer } from './answer.js';

const small = [
  ...[
    'train',
    'sac',
    '--env',
    'Pendulum-v1',
    '--steps',
    '300',
    '--eval-every',
    '100',
    '--checkpoint-every',
    '150',
  ],
  ...[
    '--eval-episodes',
    '1',
    '--set',
    'hiddenSizes=[8]',
    '--set',
    'learningStarts=50',
    '--set',
    'batchSize=16',
  ],
  ...['--out', 'run'],
];

async function trainedRun(): Promise<string> {
  const directory = await temporaryDirectory();
  expect((await runInProcess(small, { directory })).exitCode).toBe(0);
  return directory;
}

test('--checkpoint chooses the policy: the newest, the best or that of a step', async () => {
  const directory = await trainedRun();
  const evaluate = (...choice: string[]) =>
    runInProcess(['eval', 'run', '--episodes', '1', ...choice, '--json'], { directory });
  const rows = (await readFile(join(directory, 'run/metrics.jsonl'), 'utf8')).trim().split('\n');
  const evaluations = rows.map((row) => JSON.parse(row)).filter(({ type }) => type === 'evaluation');
  const best = evaluations.reduce((a, b) => (b.returnMean > a.returnMean ? b : a));
  const answers = [];
  for (const choice of [[], ['--checkpoint', 'best'], ['--checkpoint', '150']]) {
    answers.push(evalAnswer.parse((await evaluate(...choice)).json).step);
  }
  expect(answers).toEqual([300, best.step, 150]);
  for (const choice of ['77', '-1', 'last', '1e300', '9'.repeat(400)]) {
    const refused = await evaluate('--checkpoint', choice);
    expect([refused.exitCode, refused.json.error.code, refused.json.error.field]).toEqual([
      2,
      'INVALID_INPUT',
      '--checkpoint',
    ]);
  }
  expect((await evaluate('--checkpoint', '77')).json.error.message).toMatch(/300, 150, best \(of step \d+\)/);

  // Its experience is not needed for any of it.
  await rm(join(directory, 'run/replay'), { recursive: true });
  expect((await evaluate()).json.step).toBe(300);
  const resumed = await runInProcess([...small, '--resume', '--json'], { directory });
  expect([resumed.exitCode, resumed.json.error.code]).toEqual([2, 'DAMAGED_DATA']);
  expect(resumed.json.error.message).toMatch(/policy of step 300 can still be evaluated/);
});

test('a configuration that was altered is named by every command that reads a run', async () => {
  const directory = await trainedRun();
  const path = join(directory, 'run/config.json');
  await writeFile(path, (await readFile(path, 'utf8')).replace('"seed": 1', '"seed": 3'));
  for (const args of [
    ['eval', 'run'],
    ['adapt', 'run'],
    ['report', 'run'],
    [...small, '--resume'],
  ]) {
    const { exitCode, json } = await runInProcess([...args, '--json'], { directory });
    expect([exitCode, json.error.code]).toEqual([2, 'DAMAGED_DATA']);
    expect(json.error.message).toMatch(/seed is 3, but the run was made with 1.*step-300\/config\.json/);
  }
});

test('a damaged row of metrics is said, and neither the report nor the run fails', async () => {
  const directory = await trainedRun();
  const path = join(directory, 'run/metrics.jsonl');
  const lines = (await readFile(path, 'utf8')).split('\n');
  lines[0] = lines[0]!.replace(/"step":\d+/, '"step":"x"');
  await writeFile(path, lines.join('\n'));
  const reported = await runInProcess(['report', 'run'], { directory });
  expect(reported.exitCode).toBe(0);
  expect(reported.err).toMatch(/one damaged line.*line 1 \(step: /);
  const resumed = await runInProcess([...small, '--resume'], { directory });
  expect(resumed.exitCode).toBe(0);
  expect(resumed.err).toMatch(/one damaged line.*line 1 \(step: /);
  await rm(path);
  const longer = small.map((word) => (word === '300' ? '320' : word));
  const without = await runInProcess([...longer, '--resume'], { directory });
  expect(without.exitCode).toBe(0);
  expect(without.err).toMatch(/metrics\.jsonl" holds 0 of the \d+ rows/);
});

test.skipIf(process.platform === 'win32')('a report that cannot be written fails no run', async () => {
  const directory = await temporaryDirectory();
  const outside = join(directory, 'outside');
  await writeFile(outside, 'mine');
  await mkdir(join(directory, 'run'));
  await symlink(outside, join(directory, 'run/report.html'));
  const trained = await runInProcess([...small, '--json'], { directory });
  expect(trained.exitCode).toBe(0);
  expect(trained.err).toMatch(/warning: cannot write the report: .*it is a symbolic link/);
  expect(trainAnswer.parse(trained.json).report).toBeUndefined();
  const reported = await runInProcess(['report', 'run', '--json'], { directory });
  expect([reported.exitCode, reported.json.error.code]).toEqual([1, 'STORAGE']);
  expect(reported.json.error.stack).toBeUndefined();
  expect(await readFile(outside, 'utf8')).toBe('mine');
  for (const place of ['outside/picture.svg', 'link.svg']) {
    await symlink(outside, join(directory, 'link.svg')).catch(() => undefined);
    await rm(join(directory, 'run/report.html'), { force: true });
    const pictured = await runInProcess(['report', 'run', '--curve', place, '--json'], { directory });
    expect([pictured.exitCode, pictured.json.error.field]).toEqual([2, '--curve']);
  }
  expect(await readFile(outside, 'utf8')).toBe('mine');
  expect(await readdir(join(directory, 'run'))).toContain('report.html');
});
