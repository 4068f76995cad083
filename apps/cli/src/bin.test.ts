import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, test } from 'vitest';
import { trainAnswer } from './answers/train.js';
import { recordOf, weightsOf } from './test-support/records.js';
import { temporaryDirectory } from './test-support/temporary-directory.js';

const bin = fileURLToPath(new URL('../dist/bin.js', import.meta.url));

beforeEach((context) => {
  if (!existsSync(bin)) context.skip('the program is not built; pnpm build makes it');
});

interface Ended {
  readonly exitCode: number | null;
  readonly out: string;
}

/** Runs the built program. `watch` sees the error stream grow and may end the process. */
async function maxent(
  args: readonly string[],
  directory: string,
  watch: (errorText: string, child: ChildProcess) => void = () => {},
): Promise<Ended> {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk;
    watch(err, child);
  });
  await once(child, 'close');
  return { exitCode: child.exitCode, out };
}

test('answers with one JSON document and the documented exit code', async () => {
  const directory = await temporaryDirectory();
  const listed = await maxent(['list', 'environments', '--json'], directory);
  expect(listed.exitCode).toBe(0);
  expect(JSON.parse(listed.out).environments.length).toBeGreaterThan(0);
  const mistyped = await maxent(['list', 'environment', '--json'], directory);
  expect(mistyped.exitCode).toBe(2);
  expect(JSON.parse(mistyped.out).error.field).toBe('kind');
});

test('a reader that closes early is no failure', async () => {
  const directory = await temporaryDirectory();
  const child = spawn(process.execPath, [bin, 'list', 'agents', '--json'], { cwd: directory });
  child.stdout.destroy();
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk;
  });
  await once(child, 'close');
  expect([child.exitCode, err]).toEqual([0, '']);
});

const steps = 480;
const train = [
  ...['train', 'sac', '--env', 'Pendulum-v1', '--steps', String(steps), '--eval-every', '160'],
  ...['--eval-episodes', '1', '--checkpoint-every', '100', '--log-every', '80'],
  ...['--set', 'hiddenSizes=[8,8]', '--set', 'batchSize=16', '--json', '--out'],
];
/** When both kinds of interruption come: at the second evaluation, in the middle of an episode's learning. */
const secondEvaluation = 'step 320: evaluation';

test('a stopped and a killed run end like one that was left alone', { timeout: 120_000 }, async () => {
  const directory = await temporaryDirectory();
  const whole = await maxent([...train, 'whole'], directory);
  expect(whole.exitCode).toBe(0);

  const interruption = (signal: NodeJS.Signals) => (err: string, child: ChildProcess) => {
    if (err.includes(secondEvaluation) && !child.killed) child.kill(signal);
  };
  const stopped = await maxent([...train, 'stopped'], directory, interruption('SIGINT'));
  expect(stopped.exitCode).toBe(130);
  expect(trainAnswer.parse(JSON.parse(stopped.out)).outcome).toBe('interrupted');
  const killed = await maxent([...train, 'killed'], directory, interruption('SIGKILL'));
  expect(killed).toEqual({ exitCode: null, out: '' });

  const record = await recordOf(join(directory, 'whole'));
  const weights = await weightsOf(join(directory, 'whole'), steps);
  for (const name of ['stopped', 'killed']) {
    const resumed = await maxent(['train', '--resume', '--json', '--out', name], directory);
    expect(resumed.exitCode).toBe(0);
    expect(trainAnswer.parse(JSON.parse(resumed.out))).toMatchObject({ steps, outcome: 'completed' });
    expect(await recordOf(join(directory, name))).toEqual(record);
    expect(await weightsOf(join(directory, name), steps)).toEqual(weights);
  }
});
