import { cp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeEnvironment, pointMaze } from '@maxent/envs';
import { loadPolicy } from '@maxent/library';
import { evaluate } from '@maxent/training';
import { expect, test } from 'vitest';
import { recordOf, weightsOf } from '../../../test-support/records.js';
import { runInProcess } from '../../../test-support/run-in-process.js';
import { temporaryDirectory } from '../../../test-support/temporary-directory.js';
import { evalAnswer } from '../../eval/answer.js';
import { trainAnswer } from '../answer.js';

const schedule = [
  ...['--eval-every', '60', '--eval-episodes', '2', '--eval-max-steps', '50'],
  ...['--checkpoint-every', '60', '--log-every', '30'],
  ...['--set', 'hiddenSizes=[8]', '--set', 'batchSize=16', '--set', 'learningStarts=20'],
];
const maze = ['train', 'lsp', '--env', 'PointMaze-v0', '--seed', '3', ...schedule];

async function workplace() {
  const directory = await temporaryDirectory();
  const run = (...args: string[]) => runInProcess([...args, '--json'], { directory });
  return {
    directory,
    path: (...parts: string[]) => join(directory, ...parts),
    run,
    refused: async (...args: string[]) => {
      const { exitCode, json } = await run(...args);
      expect(exitCode).toBe(2);
      return `${json.error.message}`;
    },
    config: async (...parts: string[]) =>
      JSON.parse(await readFile(join(directory, ...parts, 'config.json'), 'utf8')),
    writePlan: (levels: readonly object[]) =>
      writeFile(join(directory, 'plan.json'), JSON.stringify({ levels })),
  };
}

/** Leaves a run as it is when it was killed before its first checkpoint. */
async function forgetCheckpoints(run: string): Promise<void> {
  for (const name of ['checkpoints', 'replay']) await rm(join(run, name), { recursive: true });
}

async function expectSame(run: string, other: string, step: number): Promise<void> {
  expect(await recordOf(run)).toEqual(await recordOf(other));
  expect(await weightsOf(run, step)).toEqual(await weightsOf(other, step));
}

test('a level on the same reward continues the one below, from any moment and as one policy', {
  timeout: 120_000,
}, async () => {
  const { directory, path, run, config } = await workplace();
  const trained = await run(...maze, '--levels', '60,60,60', '--out', 'h');
  expect(trained.err).toContain(`level 1 of 3: 60 steps in ${join('h', 'level-1')}, continues level 0`);
  expect(trainAnswer.parse(trained.json)).toMatchObject({ steps: 180, outcome: 'completed' });
  expect(await config('h', 'level-1')).toMatchObject({
    level: { below: 1, sees: null, every: 1, continued: 1 },
    from: { run: join('..', 'level-0'), checkpoint: 60 },
  });
  expect(await config('h', 'level-2')).toMatchObject({
    level: { below: 2, continued: 2 },
    from: { run: join('..', 'level-1'), checkpoint: 60 },
  });
  expect(await readFile(path('h', 'level-2', 'report.html'), 'utf8')).toContain('of 60 environment steps');

  // It had learned for 40 updates at the end of the level below, and did not stop to warm up again.
  const rows = (await readFile(path('h', 'level-1', 'metrics.jsonl'), 'utf8')).trim().split('\n');
  const metrics = rows.map((row) => JSON.parse(row)).filter(({ type }) => type === 'metrics');
  expect(metrics.map(({ updates }) => updates)).toEqual([30, 60]);
  expect(metrics[0].values.entropy).toBeTypeOf('number');

  // Killed before the first checkpoint of a level that continues another.
  await cp(path('h'), path('killed'), { recursive: true });
  await forgetCheckpoints(path('killed', 'level-2'));
  await run('train', '--resume', '--out', 'killed');
  await expectSame(path('killed', 'level-2'), path('h', 'level-2'), 60);

  const evaluated = evalAnswer.parse(
    (await run('eval', join('h', 'level-2'), '--episodes', '2', '--seed', '4')).json,
  );
  const policy = await loadPolicy<Float32Array, Float32Array>(path('h'));
  const world = await makeEnvironment(pointMaze);
  const played = await evaluate({
    policy: { act: (observation) => policy.act(observation as Float32Array) },
    environment: world,
    ...{ episodes: 2, seed: 4, deterministic: true, evalMaxSteps: 50 },
  });
  world.close();
  expect(evaluated.lengths).toEqual([50, 50]);
  for (const [i, expected] of evaluated.returns.entries()) {
    expect(played.returns[i]).toBeCloseTo(Number(expected), 4);
  }

  // Once it has a checkpoint, a level needs no run but its own.
  await rename(path('h', 'level-0'), path('elsewhere'));
  const { exitCode } = await runInProcess(['eval', join('h', 'level-1'), '--episodes', '1'], { directory });
  expect(exitCode).toBe(0);
});

test('a plan says whether a level continues the one below, and a hierarchy stays as it was planned', {
  timeout: 120_000,
}, async () => {
  const { path, run, refused, config, writePlan } = await workplace();
  const levels = [{ steps: 60 }, { steps: 60, continues: false }];
  await writePlan(levels);
  const command = [...maze, '--set', 'actorStarts=5', '--levels', 'plan.json'];
  await run(...command, '--out', 'h');
  const { level, from } = await config('h', 'level-1');
  expect([level, from]).toEqual([{ below: 1, sees: null, every: 1 }, undefined]);
  await writePlan([{ steps: 60 }, { steps: 60, continues: true }]);
  expect(await refused(...command, '--out', 'h', '--resume')).toContain(
    'levels[1]: level.continued: the run was started with no value and cannot be resumed with 1',
  );
  // A file of a version that had no such key, for a level that has not started.
  for (const keep of [true, false]) {
    await cp(path('h'), path('old'), { recursive: true });
    await rm(path('old', 'level-1'), { recursive: true });
    const plan = JSON.parse(await readFile(path('h', 'levels.json'), 'utf8'));
    expect(plan.map(({ continues }: { continues: boolean }) => continues)).toEqual([false, false]);
    if (!keep) for (const entry of plan) delete entry.continues;
    await writeFile(path('old', 'levels.json'), JSON.stringify(plan));
    await run('train', '--resume', '--out', 'old');
    await expectSame(path('old', 'level-1'), path('h', 'level-1'), 60);
    await rm(path('old'), { recursive: true });
  }
});

test.each<[problem: string, upper: object]>([
  [
    'levels[1]: continues: expected false, got true: the level below has another environment',
    { envSet: { reward: 'dense' } },
  ],
  ['levels[1]: continues: expected false, got true: it does not see', { sees: [0, 2] }],
  ['levels[1]: continues: expected false, got true: it acts every 2 steps', { every: 2 }],
  [
    'levels[1]: continues: expected false, got true: the level below has another discount',
    { set: { discount: 0.9 } },
  ],
  ['levels[1]: continues: expected false, got true: belowSee', { belowSee: [null] }],
])('%s', async (problem, upper) => {
  const { refused, writePlan } = await workplace();
  await writePlan([{ steps: 60 }, { steps: 60, ...upper, continues: true }]);
  expect(await refused(...maze, '--levels', 'plan.json', '--out', 'h')).toContain(problem);
  await writePlan([{ steps: 60, continues: true }]);
  expect(await refused(...maze, '--levels', 'plan.json', '--out', 'h')).toContain(
    'continues: expected false, got true: there is no level below it',
  );
});

test('--from trains a level on a checkpoint of a run, as in a hierarchy that stopped there', {
  timeout: 120_000,
}, async () => {
  const { path, run, refused, config } = await workplace();
  await run(...maze, '--steps', '120', '--out', 'one');
  await run(...maze, '--levels', '60,60,60', '--out', 'h');
  const fork = ['train', 'lsp', '--from', 'one', '--steps', '60'];
  const trained = await run(...fork, '--checkpoint', '60', '--out', join('forks', 'two'));
  expect(trained.err).toContain('continues checkpoint 60 of "one"');
  expect(trainAnswer.parse(trained.json)).toMatchObject({ steps: 60, outcome: 'completed' });
  expect(await config('forks', 'two')).toMatchObject({
    level: { below: 1, sees: null, every: 1, continued: 1 },
    from: { run: join('..', '..', 'one'), checkpoint: 60 },
    seed: 3,
    evaluation: { every: 60, episodes: 2 },
    agent: { config: { hiddenSizes: [8] } },
  });
  await expectSame(path('forks', 'two'), path('h', 'level-1'), 60);

  // A fork can be forked, and a level of a hierarchy too.
  for (const source of [join('forks', 'two'), join('h', 'level-1')]) {
    await run('train', '--from', source, '--steps', '60', '--out', 'three');
    await expectSame(path('three'), path('h', 'level-2'), 60);
    await rm(path('three'), { recursive: true });
  }

  // Resumed, with more steps, before and after its first checkpoint.
  await cp(path('forks', 'two'), path('forks', 'killed'), { recursive: true });
  await forgetCheckpoints(path('forks', 'killed'));
  for (const name of ['two', 'killed']) {
    await run('train', '--resume', '--out', join('forks', name), '--steps', '120');
  }
  await expectSame(path('forks', 'killed'), path('forks', 'two'), 120);
  const { json } = await run('eval', join('forks', 'two'), '--episodes', '1');
  expect(evalAnswer.parse(json).lengths).toEqual([50]);
  await forgetCheckpoints(path('forks', 'killed'));
  await rename(path('one'), path('gone'));
  expect(await refused('train', '--resume', '--out', join('forks', 'killed'))).toMatch(
    /^--from: the run has no checkpoint yet, so it begins with checkpoint 60 of ".*one", which is not there: /,
  );
});

test('--from says what does not agree', { timeout: 60_000 }, async () => {
  const { path, run, refused } = await workplace();
  await run(...maze, '--steps', '60', '--out', 'one');
  await run('train', 'sac', '--env', 'PointMaze-v0', '--steps', '60', ...schedule, '--out', 'sac');
  const fork = (...more: string[]) =>
    refused('train', '--from', 'one', '--steps', '60', '--out', 'two', ...more);
  for (const [options, message] of [
    [['--env', 'Pendulum-v1'], '--env: expected PointMaze-v0, as in the run of --from, got Pendulum-v1'],
    [
      ['--env-set', 'reward=dense'],
      '--env-set reward: expected "sparse", as in the run of --from, got "dense"',
    ],
    [['--set', 'discount=0.9'], '--set discount: expected 0.99, as in the run of --from, got 0.9'],
    [['--set', 'hiddenSizes=[4]'], '--set hiddenSizes: expected [8]'],
    [['--envs', '2'], '--envs: expected 1'],
    [['--preset', 'paper'], '--preset: cannot be given with --from'],
    [
      ['--checkpoint', '30'],
      '--checkpoint: expected a checkpoint that is kept with its experience (60), got 30',
    ],
    [['--resume'], '--from: cannot be given with --resume'],
    [['--levels', '30,30'], '--from: cannot be given with --levels'],
  ] as const) {
    expect(await fork(...options)).toContain(message);
  }
  expect(await refused('train', 'sac', '--from', 'one', '--steps', '60')).toContain('AGENT: expected lsp');
  expect(await refused('train', 'lsp', '--from', 'one')).toContain('--steps: is required');
  expect(await refused('train', 'lsp', '--from', 'none', '--steps', '6')).toContain('--from: "');
  expect(await refused('train', '--from', 'sac', '--steps', '6')).toContain(
    '--from: needs a run of an agent that can continue a level, such as lsp, not sac',
  );
  expect(await refused(...maze, '--steps', '6', '--checkpoint', '3')).toContain('--checkpoint: needs --from');
  await expect(readFile(path('two', 'config.json'))).rejects.toThrow('ENOENT');
});
