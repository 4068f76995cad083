import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, test } from 'vitest';
import { trainAnswer } from './commands/train/answer.js';
import { recordOf, weightsOf } from './test-support/records.js';
import { temporaryDirectory } from './test-support/temporary-directory.js';

const bin = fileURLToPath(new URL('../dist/bin.js', import.meta.url));

beforeEach((context) => {
  if (!existsSync(bin)) context.skip('the program is not built; pnpm build makes it');
});

const fullDevice = '/dev/full';

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

const walk = [
  ...[
    'train',
    'sac',
    '--env',
    'Pendulum-v1',
    '--steps',
    '300',
    '--eval-every',
    '100',
    '--eval-episodes',
    '1',
  ],
  ...['--log-every', '50', '--set', 'hiddenSizes=[8]', '--set', 'learningStarts=1000', '--out', 'run'],
];

test.for([
  ['progress that nobody reads', ['ignore', 'pipe', 'closed'], 0],
  ['neither progress nor the answer being read', ['ignore', 'closed', 'closed'], 0],
  ['progress on a full disk', ['ignore', 'pipe', 'full'], 0],
  ['an answer on a full disk', ['ignore', 'full', 'pipe'], 1],
  ['everything on a full disk', ['ignore', 'full', 'full'], 1],
] as const)('%s does not end a run', async ([, streams, code], { skip }) => {
  if (streams.some((stream) => stream === 'full') && !existsSync(fullDevice))
    skip(`there is no ${fullDevice}`);
  const directory = await temporaryDirectory();
  const full = existsSync(fullDevice) ? openSync(fullDevice, 'w') : 'ignore';
  const stdio = streams.map((stream) => (stream === 'full' ? full : stream === 'closed' ? 'pipe' : stream));
  const child = spawn(process.execPath, [bin, ...walk], { cwd: directory, stdio });
  if (streams[1] === 'closed') child.stdout?.destroy();
  if (streams[2] === 'closed') child.stderr?.destroy();
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk;
    });
  }
  await once(child, 'close');
  if (typeof full === 'number') closeSync(full);
  expect([child.exitCode, child.signalCode]).toEqual([code, null]);
  expect(existsSync(join(directory, 'run/checkpoints/step-300/manifest.json'))).toBe(true);
  expect(existsSync(join(directory, 'run/report.html'))).toBe(true);
  if (streams[1] === 'full' && streams[2] === 'pipe') {
    expect(text).toContain('cannot write the answer to standard output (ENOSPC)');
  }
});

test('a plugin that waits for nothing is an error with a word', async () => {
  const directory = await temporaryDirectory();
  await writeFile(
    join(directory, 'endless.mjs'),
    'await new Promise(() => {}); export default { name: "x" };',
  );
  const child = spawn(process.execPath, [bin, 'list', 'agents', '--plugin', './endless.mjs'], {
    cwd: directory,
  });
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk;
  });
  await once(child, 'close');
  expect(child.exitCode).toBe(2);
  expect(err).toMatch(/^maxent: .* returned a promise that is never settled.*\n$/);
});

test('a reader that closes early is not a failure', async () => {
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
const trainSac = [
  ...['train', 'sac', '--env', 'Pendulum-v1', '--steps', String(steps), '--eval-every', '160'],
  ...['--eval-episodes', '1', '--checkpoint-every', '100', '--log-every', '80'],
  ...['--set', 'hiddenSizes=[8,8]', '--set', 'batchSize=16', '--json', '--out'],
];
/** When both kinds of interruption come: at the second evaluation, in the middle of an episode's learning. */
const secondEvaluation = 'step 320: evaluation';

test('a stopped and a killed run end like one that was left alone', { timeout: 120_000 }, async () => {
  const directory = await temporaryDirectory();
  const whole = await maxent([...trainSac, 'whole'], directory);
  expect(whole.exitCode).toBe(0);

  const interruption = (signal: NodeJS.Signals) => (err: string, child: ChildProcess) => {
    if (err.includes(secondEvaluation) && !child.killed) child.kill(signal);
  };
  const stopped = await maxent([...trainSac, 'stopped'], directory, interruption('SIGINT'));
  expect(stopped.exitCode).toBe(130);
  expect(trainAnswer.parse(JSON.parse(stopped.out)).outcome).toBe('interrupted');
  const terminated = await maxent([...trainSac, 'terminated'], directory, interruption('SIGTERM'));
  expect(terminated.exitCode).toBe(143);
  const killed = await maxent([...trainSac, 'killed'], directory, interruption('SIGKILL'));
  expect(killed).toEqual({ exitCode: null, out: '' });

  const record = await recordOf(join(directory, 'whole'));
  const weights = await weightsOf(join(directory, 'whole'), steps);
  for (const name of ['stopped', 'terminated', 'killed']) {
    const resumed = await maxent(['train', '--resume', '--json', '--out', name], directory);
    expect(resumed.exitCode).toBe(0);
    expect(trainAnswer.parse(JSON.parse(resumed.out))).toMatchObject({ steps, outcome: 'completed' });
    expect(await recordOf(join(directory, name))).toEqual(record);
    expect(await weightsOf(join(directory, name), steps)).toEqual(weights);
  }
});

test.for([
  ['sac', 'Pendulum-v1', 'batchSize=16', '--set', 'hiddenSizes=[8,8]'],
  ['dqn', 'CartPole-v1', 'nStep=3', '--set', 'hiddenSizes=[8,8]', '--set', 'learningStarts=50'],
  ['q-learning', 'FrozenLake-v1', 'initialEpsilon=0.5'],
])(
  '%s on %s, killed in three environments, ends like one that was left alone, in threads or not',
  {
    timeout: 120_000,
  },
  async ([agent, env, ...settings]) => {
    const directory = await temporaryDirectory();
    const words = [
      ...['train', agent!, '--env', env!, '--envs', '3', '--steps', '1600', '--eval-every', '130'],
      ...['--eval-episodes', '1', '--eval-max-steps', '50', '--checkpoint-every', '70', '--log-every', '80'],
      ...['--set', ...settings, '--json'],
    ];
    const whole = await maxent([...words, '--env-workers', '2', '--out', 'whole'], directory);
    expect(whole.exitCode).toBe(0);
    const killed = await maxent(
      [...words, '--env-workers', '0', '--out', 'killed'],
      directory,
      (err, child) => {
        // Long before the end: the quickest of these runs would be over before the signal came.
        if (err.includes('step 132: evaluation')) child.kill('SIGKILL');
      },
    );
    expect(killed).toEqual({ exitCode: null, out: '' });
    const resume = ['train', '--resume', '--env-workers', '3', '--json', '--out', 'killed'];
    const resumed = await maxent(resume, directory);
    // The first round that reaches 1,600.
    expect(trainAnswer.parse(JSON.parse(resumed.out))).toMatchObject({ steps: 1602, outcome: 'completed' });
    expect(await recordOf(join(directory, 'killed'))).toEqual(await recordOf(join(directory, 'whole')));
    expect(await weightsOf(join(directory, 'killed'), 1602)).toEqual(
      await weightsOf(join(directory, 'whole'), 1602),
    );
  },
);
