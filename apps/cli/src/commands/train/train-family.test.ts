import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordOf, weightsOf } from '../../test-support/records.js';
import { runInProcess } from '../../test-support/run-in-process.js';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';
import { adaptAnswer } from '../adapt/answer.js';
import { trainAnswer } from './answer.js';

const settings = Object.entries({
  ...{ hiddenSizes: '[8]', encoderHiddenSizes: '[8]', metaBatchSize: 2, batchSize: 8, contextSize: 8 },
  ...{ initialSteps: 20, priorSteps: 20, posteriorSteps: 20, extraSteps: 20, updatesPerIteration: 100 },
  ...{ tasksPerIteration: 2, replayCapacity: 500 },
}).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
const schedule = ['--eval-every', '150', '--checkpoint-every', '70', '--log-every', '50', '--seed', '3'];
const small = [
  ...settings,
  ...schedule,
  '--set',
  'trainTasks=3',
  '--set',
  'testTasks=2',
  '--set',
  'explorationEpisodes=2',
  '--backend',
  'wasm',
];

/** Tasks that PointRobot does not have, the field that is at fault and what is said of it. */
const badTasks = [
  ['{"z":1}', '--task z', 'unknown key; a task here is like { x: '],
  ['{"x":0.5,"y":0,"__proto__":1}', '--task __proto__', 'reserved name'],
  ['{}', '--task x', 'is required: a number'],
  ['{"x":0.5}', '--task y', 'is required: a number'],
  ['{"x":NaN,"y":0}', '--task', 'NaN is not JSON'],
  ['{"x":null,"y":0}', '--task x', 'got null'],
  ['{"x":"0.5","y":0}', '--task x', 'got "0.5"'],
  ['{"x":[0.5],"y":0}', '--task x', 'got [0.5]'],
  ['{"x":1e308,"y":0}', '--task x', 'a number up to 1e18 in size'],
  ['{"x":1e400,"y":0}', '--task x', 'got Infinity'],
  ['[0.5,0]', '--task', 'expected test:K, train:K or a JSON object, got'],
  ['0.5', '--task', 'expected test:K, train:K or a JSON object, got'],
  ['null', '--task', 'expected test:K, train:K or a JSON object, got'],
  ['test:99', '--task', 'there are 2 test tasks, from 0 on; got "test:99"'],
  ['train:-1', '--task', 'expected test:K, train:K or a JSON object, got "train:-1"'],
  ['test:1e3', '--task', 'expected test:K, train:K or a JSON object, got "test:1e3"'],
  ['test:', '--task', 'expected test:K, train:K or a JSON object, got "test:"'],
  ['goal', '--task', 'expected test:K, train:K or a JSON object, got "goal"'],
  ['', '--task', 'expected test:K, train:K or a JSON object, got ""'],
  [`test:${'9'.repeat(5000)}`, '--task', 'there are 2 test tasks'],
  ['x'.repeat(5000), '--task', 'expected test:K, train:K or a JSON object'],
] as const;

test('trains over a family, resumes to identical numbers and adapts to a task, with a page', {
  timeout: 120_000,
}, async () => {
  const directory = await temporaryDirectory();
  const inDirectory = (...args: string[]) => runInProcess(args, { directory });
  const start = ['train', 'pearl', '--family', 'PointRobot', ...small];
  const whole = await inDirectory(...start, '--steps', '300', '--out', 'whole', '--json');
  const answer = trainAnswer.parse(whole.json);
  expect(answer).toMatchObject({ steps: 300, outcome: 'completed' });
  expect(answer.adaptation!.sharedTasks).toBe(0);
  expect(answer.adaptation!.tasks.map(({ returns }) => returns.length)).toEqual([3, 3]);
  expect(answer.evaluations.at(-1)!.episodes).toBe(2);
  const config = JSON.parse(await readFile(join(directory, 'whole', 'config.json'), 'utf8'));
  expect(config).toMatchObject({
    family: true,
    environment: { id: 'PointRobot' },
    evaluation: { episodes: 3 },
  });

  expect(await readFile(join(directory, 'whole', 'report.html'), 'utf8')).toContain('Return by episode');

  await inDirectory(...start, '--steps', '130', '--out', 'parts');
  const resumed = await inDirectory('train', '--resume', '--out', 'parts', '--steps', '300');
  expect(resumed.out).toContain('belief 3');
  expect(await recordOf(join(directory, 'parts'))).toEqual(await recordOf(join(directory, 'whole')));
  expect(await weightsOf(join(directory, 'parts'), 300)).toEqual(
    await weightsOf(join(directory, 'whole'), 300),
  );

  const adapted = await inDirectory(
    ...['adapt', 'whole', '--task', '{"x":0.5,"y":-0.5}', '--episodes', '3', '--html', 'task.html', '--json'],
  );
  const { episodes, task, page } = adaptAnswer.parse(adapted.json);
  expect(task).toEqual({ x: 0.5, y: -0.5 });
  expect(episodes.map(({ latentFrom }) => latentFrom)).toEqual(['prior', 'prior', 'belief']);
  const deviations = episodes.map(({ belief }) => Number(belief!.deviation[0]));
  expect(deviations[2]).toBeLessThan(deviations[0]!);
  const html = await readFile(join(directory, page!), 'utf8');
  for (const title of ['Return', 'Belief, ± 1 deviation', 'Uncertainty', 'Distance to the task']) {
    expect(html.includes(`>${title}`)).toBe(true);
  }
  // 40 draws from the belief after each of three episodes.
  expect(html.match(/fill="#D55E00" fill-opacity="0.35"/g)).toHaveLength(120);

  for (const [text, field, problem] of badTasks) {
    const { exitCode, json } = await inDirectory('adapt', 'whole', '--task', text, '--json');
    expect([text, exitCode, json.error.code, json.error.field]).toEqual([text, 2, 'INVALID_INPUT', field]);
    expect(json.error.message).toContain(problem);
    expect(json.error.message.length).toBeLessThan(400);
  }

  const table = await inDirectory('adapt', 'whole', '--task', 'test:1', '--plot');
  expect(table.out).toMatch(/episode\s+acts on\s+return/);
  expect(table.out).toMatch(/\nBelief, ± 1 deviation, over steps in the task, .*\nentry 1 {2}[▁-█]/);
  expect(table.out).toMatch(
    /\nDistance to the task, over episodes seen\ndistance {2}[▁-█ ]+ {2}[\d.]+ to [\d.]+\n/,
  );
  const evaluated = await inDirectory('eval', 'whole');
  expect(evaluated.exitCode).toBe(2);
  expect(evaluated.err).toContain('maxent adapt');
});

test('says that the tasks of HalfCheetah-Dir are train and test tasks, and takes the oracle and the blind agent', async () => {
  const directory = await temporaryDirectory();
  for (const taskInput of ['told', 'none']) {
    const { err, json } = await runInProcess(
      [
        ...['train', 'pearl', '--family', 'HalfCheetah-Dir', ...settings, '--set', `taskInput=${taskInput}`],
        ...[
          '--steps',
          '100',
          '--eval-every',
          '100',
          '--set',
          'explorationEpisodes=0',
          '--out',
          taskInput,
          '--json',
        ],
      ],
      { directory },
    );
    expect(err).toContain('2 of the 2 test tasks are also train tasks');
    expect(trainAnswer.parse(json).adaptation).toMatchObject({
      sharedTasks: 2,
      tasks: [{ task: { direction: 1 } }, { task: { direction: -1 } }],
    });
  }
  const blind = await runInProcess(['adapt', 'none', '--task', 'train:1', '--episodes', '1'], { directory });
  expect(blind.out).toContain('none');
});

test.each([
  [['train', 'sac', '--family', 'PointRobot', '--steps', '10'], 'learns over tasks'],
  [['train', 'pearl', '--env', 'Pendulum-v1', '--steps', '10'], '--family'],
  [
    ['train', 'pearl', '--env', 'Pendulum-v1', '--family', 'PointRobot', '--steps', '10'],
    'only one of the two',
  ],
  [['train', 'pearl', '--family', 'PointRobo', '--steps', '10'], 'PointRobot'],
])('%s is refused with advice', async (args, advice) => {
  const { exitCode, err } = await runInProcess(args, { directory: await temporaryDirectory() });
  expect(exitCode).toBe(2);
  expect(err).toContain(advice);
});

test('fewer evaluation episodes than explore are refused before a directory is written', async () => {
  const directory = await temporaryDirectory();
  const args = ['train', 'pearl', '--family', 'PointRobot', '--steps', '100', '--out', 'run', '--json'];
  const refused = await runInProcess([...args, '--eval-episodes', '3'], { directory });
  expect(refused.json.error.message).toMatch(/^--eval-episodes: expected at least 10, .* got 3/);
  expect(refused.exitCode).toBe(2);
  expect(existsSync(join(directory, 'run'))).toBe(false);
});
