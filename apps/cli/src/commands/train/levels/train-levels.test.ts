import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeSafetensors, encodeSafetensors } from '@maxent/core';
import { makeEnvironment, pointMaze } from '@maxent/envs';
import { loadPolicy } from '@maxent/library';
import { evaluate } from '@maxent/training';
import { readRun } from '@maxent/training/node';
import { expect, test } from 'vitest';
import { recordOf, weightsOf } from '../../../test-support/records.js';
import { runInProcess } from '../../../test-support/run-in-process.js';
import { temporaryDirectory } from '../../../test-support/temporary-directory.js';
import { evalAnswer } from '../../eval/answer.js';
import { trainAnswer } from '../answer.js';

const plugin = fileURLToPath(new URL('../../../test-support/plugin.ts', import.meta.url));
const schedule = [
  ...['--eval-every', '60', '--eval-episodes', '2', '--checkpoint-every', '60', '--log-every', '30'],
  ...['--set', 'hiddenSizes=[8]', '--set', 'batchSize=16', '--set', 'learningStarts=20'],
];
const maze = ['train', 'lsp', '--env', 'PointMaze-v0', '--seed', '3', ...schedule];

/**
 * Velocities first, paid for every meter of the way; then the maze, 4 steps at a time, for the goal alone. The lower
 * level looks at positions there, which no real plan would want; it shows that it looks where it is told.
 */
const plan = {
  levels: [
    { envSet: { reward: 'dense' }, steps: 120, sees: [2, 4] },
    { steps: 60, every: 4, belowSee: [[0, 2]], set: { batchSize: 8, couplingLayers: 3 } },
  ],
};

test('trains level by level, each in its run directory, and evaluates the stack as one policy', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'plan.json'), JSON.stringify(plan));
  const trained = await runInProcess([...maze, '--levels', 'plan.json', '--out', 'h', '--json'], {
    directory,
  });
  expect(trained.err).toContain('level 1 of 2');
  const answer = trainAnswer.parse(trained.json);
  expect(answer).toMatchObject({
    runDir: 'h',
    steps: 180,
    updates: 140,
    outcome: 'completed',
    levels: [
      { runDir: join('h', 'level-0'), steps: 120 },
      { runDir: join('h', 'level-1'), steps: 60 },
    ],
  });
  expect(answer.evaluations.map(({ step }) => step)).toEqual([60, 120, 180]);
  expect(await readFile(answer.curve!, 'utf8')).toMatch(/^<svg.*>steps of the levels</);
  const report = (level: number) => readFile(join(directory, 'h', `level-${level}`, 'report.html'), 'utf8');
  expect(await report(0)).toContain('of 120 environment steps');
  expect(await report(1)).toContain('of 60 steps of the level');

  const config = (level: number) =>
    readFile(join(directory, 'h', `level-${level}`, 'config.json'), 'utf8').then(JSON.parse);
  expect(await config(0)).toMatchObject({
    level: { below: 0, sees: { from: 2, to: 4 }, every: 1 },
    environment: { options: { reward: 'dense' } },
    agent: { config: { batchSize: 16, couplingLayers: 2 } },
  });
  expect(await config(1)).toMatchObject({
    level: { below: 1, sees: null, every: 4 },
    environment: { options: { reward: 'sparse' } },
    agent: { config: { batchSize: 8, couplingLayers: 3, hiddenSizes: [8] } },
  });

  const below = await readFile(join(directory, 'h', 'level-1', 'levels-below.safetensors'), 'latin1');
  expect(below).toContain(String.raw`\"sees\":{\"from\":0,\"to\":2}`);

  // The upper level's run is a policy of its own, whatever becomes of the lower one's directory.
  await rm(join(directory, 'h', 'level-0'), { recursive: true });
  const evaluated = await runInProcess(['eval', join('h', 'level-1'), '--episodes', '2', '--json'], {
    directory,
  });
  // 200 steps of the maze, 4 at a time.
  expect(evalAnswer.parse(evaluated.json).lengths).toEqual([50, 50]);

  // The hierarchy as a policy: both levels, without the actions of the lower one's environment in between.
  const policy = await loadPolicy<Float32Array, Float32Array>(join(directory, 'h'));
  const world = await makeEnvironment(pointMaze);
  const played = await evaluate({
    policy: { act: (observation) => policy.act(observation as Float32Array) },
    environment: world,
    episodes: 1,
    seed: 1,
    deterministic: true,
  });
  expect(played.lengths).toEqual([200]);
  expect([policy.agent, policy.provenance]).toMatchObject([
    'lsp',
    { environment: 'PointMaze-v0', steps: 60 },
  ]);
  world.close();

  const exported = await runInProcess(['export', 'h', '--out', 'h.safetensors', '--json'], { directory });
  expect(exported.json).toMatchObject({ agent: 'lsp', step: 60 });
  expect(await readFile(join(directory, 'h.safetensors'))).toEqual(Buffer.from(policy.toBytes()));

  // A frozen level that is not finite is named, and not the environment that its actions would go to.
  const path = join(directory, 'h', 'level-1', 'levels-below.safetensors');
  const { tensors, metadata } = decodeSafetensors(await readFile(path));
  const [name, tensor] = Object.entries(tensors).find(([, { data }]) => data instanceof Float32Array)!;
  tensor.data[0] = Number.NaN;
  await writeFile(path, encodeSafetensors({ tensors, metadata }));
  const refused = await runInProcess(['eval', join('h', 'level-1'), '--episodes', '1', '--json'], {
    directory,
  });
  expect(refused.exitCode).toBe(2);
  expect(refused.json.error.code).toBe('DAMAGED_DATA');
  expect(refused.json.error.message).toContain(`array "${name}" holds NaN at entry 0: learning had diverged`);
});

test('an interrupted hierarchy goes on to the numbers of one that was never stopped', {
  timeout: 120_000,
}, async () => {
  const directory = await temporaryDirectory();
  const command = [...maze, '--levels', '120,120', '--eval-max-steps', '150'];
  await runInProcess([...command, '--out', 'whole'], { directory });
  let upper = false;
  const stopped = await runInProcess([...command, '--out', 'stopped', '--json'], {
    directory,
    onError: (text, pressCtrlC) => {
      upper ||= text.startsWith('level 1 of 2');
      if (upper && text.startsWith('step 60: evaluation')) pressCtrlC();
    },
  });
  expect(stopped.exitCode).toBe(130);
  // The plan is in the directory; the same command with --resume works as well.
  const resumed = await runInProcess(['train', '--resume', '--out', 'stopped', '--json'], { directory });
  expect(resumed.exitCode).toBe(0);
  expect(trainAnswer.parse(resumed.json)).toMatchObject({ steps: 240, outcome: 'completed' });
  for (const [level, steps] of [
    ['level-0', 120],
    ['level-1', 120],
  ] as const) {
    const [a, b] = [join(directory, 'whole', level), join(directory, 'stopped', level)];
    expect(await recordOf(b)).toEqual(await recordOf(a));
    expect(await weightsOf(b, steps)).toEqual(await weightsOf(a, steps));
  }
});

test('a level that diverges leaves those below it, on which it can be trained anew', async () => {
  const directory = await temporaryDirectory();
  const planned = (set: object) =>
    writeFile(join(directory, 'plan.json'), JSON.stringify({ levels: [{ steps: 60 }, { steps: 60, set }] }));
  const command = [...maze, '--levels', 'plan.json', '--out', 'h', '--json'];
  await planned({ actorLearningRate: 1e30 });
  const diverged = await runInProcess(command, { directory });
  expect([diverged.exitCode, diverged.json.error.code]).toEqual([1, 'DIVERGENCE']);
  const run = join('h', 'level-1');
  expect(diverged.json.error.message).toMatch(/^level 1: .*learning has diverged\./);
  expect(diverged.json.error.message).toContain(`remove "${run}" and repeat the command with --resume`);
  const below = await weightsOf(join(directory, 'h', 'level-0'), 60);
  await rm(join(directory, run), { recursive: true });
  await planned({ actorLearningRate: 3e-4 });
  const anew = await runInProcess([...command, '--resume'], { directory });
  expect(anew.exitCode).toBe(0);
  expect(trainAnswer.parse(anew.json)).toMatchObject({ steps: 120, outcome: 'completed' });
  expect(await weightsOf(join(directory, 'h', 'level-0'), 60)).toEqual(below);
});

test('what is resumed in its lowest level keeps the backend and the plugins of the command', {
  timeout: 120_000,
}, async () => {
  const directory = await temporaryDirectory();
  const start = [...maze, '--levels', '120,60', '--backend', 'cpu', '--plugin', plugin];
  await runInProcess([...start, '--out', 'whole'], { directory });
  const stopped = await runInProcess([...start, '--out', 'stopped'], {
    directory,
    onError: (text, pressCtrlC) => {
      if (text.startsWith('step 60: evaluation')) pressCtrlC();
    },
  });
  expect(stopped.out).toContain('Continue with: maxent train --resume --out stopped');
  expect(existsSync(join(directory, 'stopped', 'level-1'))).toBe(false);
  await runInProcess(['train', '--resume', '--out', 'stopped', '--plugin', plugin], { directory });
  for (const [level, steps] of [
    ['level-0', 120],
    ['level-1', 60],
  ] as const) {
    const [a, b] = [join(directory, 'whole', level), join(directory, 'stopped', level)];
    const [whole, resumed] = await Promise.all([a, b].map((run) => readRun(run)));
    expect(resumed!.config).toEqual({ ...whole!.config, provenance: resumed!.config.provenance });
    expect(resumed!.config).toMatchObject({ backend: 'cpu', plugins: [relative(b, plugin)] });
    expect(await recordOf(b)).toEqual(await recordOf(a));
    expect(await weightsOf(b, steps)).toEqual(await weightsOf(a, steps));
  }
});

test('the levels below are stored before the run that stands on them', { timeout: 60_000 }, async () => {
  const directory = await temporaryDirectory();
  const start = [...maze, '--levels', '30,30', '--out', 'h'];
  // A directory in the place of the file: the run cannot begin, as if it had been killed there.
  const obstacle = join(directory, 'h', 'level-1', 'levels-below.safetensors');
  await mkdir(obstacle, { recursive: true });
  const stopped = await runInProcess([...start, '--json'], { directory });
  expect(stopped.exitCode).not.toBe(0);
  expect(existsSync(join(directory, 'h', 'level-0', 'checkpoints', 'step-30'))).toBe(true);
  expect(existsSync(join(directory, 'h', 'level-1', 'config.json'))).toBe(false);
  await rm(obstacle, { recursive: true });
  const resumed = await runInProcess(['train', '--resume', '--out', 'h', '--json'], { directory });
  expect(trainAnswer.parse(resumed.json)).toMatchObject({ steps: 60, outcome: 'completed' });
});

test('says what is wrong with a plan', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'plan.json'), JSON.stringify({ levels: [{ step: 3 }] }));
  const run = (...more: string[]) => runInProcess([...maze, '--out', 'h', '--json', ...more], { directory });
  expect((await run('--levels', 'plan.json')).json.error.message).toContain(
    'levels[0].step: unknown key; did you mean steps',
  );
  expect((await run('--levels', 'none.json')).json.error.message).toContain('--levels: cannot read');
  expect((await run('--levels', '10,10', '--steps', '3')).json.error.message).toContain(
    '--steps: is given by --levels',
  );
});
