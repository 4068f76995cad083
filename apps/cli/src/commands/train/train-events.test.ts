import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventSchema, type eventSchema as schema } from '../../events/event-schema.js';
import { type InProcessOptions, runInProcess } from '../../test-support/run-in-process.js';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';
import { evalAnswer } from '../eval/answer.js';
import { trainAnswer } from './answer.js';

type Event = ReturnType<typeof schema.parse>;

const pendulum = [
  ...['train', 'sac', '--env', 'Pendulum-v1', '--steps', '420', '--seed', '3', '--eval-every', '210'],
  ...['--eval-episodes', '2', '--checkpoint-every', '150', '--log-every', '70'],
  ...['--set', 'hiddenSizes=[8,8]', '--set', 'batchSize=16'],
];

/** Runs a command with events, each of which fits the published schema. */
async function follow(args: readonly string[], options: InProcessOptions) {
  const { exitCode, out, err } = await runInProcess([...args, '--events', 'ndjson'], options);
  const events = out
    .trimEnd()
    .split('\n')
    .map((line): Event => eventSchema.parse(JSON.parse(line)));
  const of = <Type extends Event['type']>(type: Type) =>
    events.filter((event): event is Extract<Event, { type: Type }> => event.type === type);
  return { exitCode, err, events, types: events.map(({ type }) => type), of };
}

test('a run is followed from its start to its answer, and from a stop to its end', {
  timeout: 60_000,
}, async () => {
  const directory = await temporaryDirectory();
  const whole = await runInProcess([...pendulum, '--out', 'whole', '--json'], { directory });
  let evaluations = 0;
  const stopped = await follow([...pendulum, '--out', 'run'], {
    directory,
    onOut: (text, stop) => {
      if (text.includes('"type":"evaluation"') && evaluations++ === 0) stop();
    },
  });
  expect(stopped.exitCode).toBe(130);
  expect(stopped.of('start')).toMatchObject([
    { runDir: 'run', agent: 'sac', environment: 'Pendulum-v1', step: 0, totalSteps: 420, resumed: false },
  ]);
  expect(stopped.types.slice(-3)).toEqual(['checkpoint', 'progress', 'end']);
  expect(stopped.events.at(-1)).toMatchObject({
    outcome: 'interrupted',
    stoppedBy: 'SIGINT',
    exitCode: 130,
    answer: { outcome: 'interrupted' },
  });

  const resumed = await follow(['train', '--resume', '--out', 'run'], { directory });
  expect(resumed.exitCode).toBe(0);
  const step = stopped.of('checkpoint').at(-1)!.step;
  expect(resumed.events[0]).toMatchObject({ type: 'start', step, totalSteps: 420, resumed: true });
  const end = resumed.of('end')[0]!;
  expect(end).toMatchObject({ outcome: 'completed', exitCode: 0 });
  expect(end).not.toHaveProperty('stoppedBy');
  const answer = trainAnswer.parse(end.answer);
  expect(answer.evaluations).toEqual(whole.json.evaluations);

  const seen = [...stopped.of('evaluation'), ...resumed.of('evaluation')];
  expect(seen.map(({ type, formatVersion, time, ...rest }) => rest)).toEqual(whole.json.evaluations);
  const rows = (await readFile(join(directory, 'run', 'metrics.jsonl'), 'utf8')).trimEnd().split('\n');
  const metrics = rows.map((row) => JSON.parse(row)).filter(({ type }) => type === 'metrics');
  expect([...stopped.of('metrics'), ...resumed.of('metrics')].map(({ values }) => values)).toEqual(
    metrics.map(({ values }) => values),
  );
  expect(resumed.of('progress').at(-1)).toMatchObject({ step: 420, totalSteps: 420, updates: 320 });
  expect(resumed.err).not.toContain('steps/s');

  const evaluated = await follow(['eval', 'run', '--episodes', '3'], { directory });
  expect(evaluated.types).toEqual(['start', 'episode', 'episode', 'episode', 'end']);
  const { returns, lengths } = evalAnswer.parse(evaluated.of('end')[0]!.answer);
  expect(evaluated.of('episode').map((episode) => [episode.return, episode.length])).toEqual(
    returns.map((value, i) => [value, lengths[i]]),
  );
});

test('each level is announced, and one end closes them all', { timeout: 60_000 }, async () => {
  const directory = await temporaryDirectory();
  const { types, of, exitCode } = await follow(
    [
      ...['train', 'lsp', '--env', 'PointMaze-v0', '--seed', '3', '--levels', '60,60', '--out', 'h'],
      ...['--eval-every', '60', '--eval-episodes', '1', '--eval-max-steps', '20', '--log-every', '60'],
      ...['--set', 'hiddenSizes=[8]', '--set', 'batchSize=16', '--set', 'learningStarts=20'],
    ],
    { directory },
  );
  expect(exitCode).toBe(0);
  expect(of('level')).toMatchObject([
    { level: 0, levels: 2, runDir: join('h', 'level-0'), continues: false },
    { level: 1, levels: 2, runDir: join('h', 'level-1'), continues: true },
  ]);
  expect(types.filter((type) => ['level', 'start', 'end'].includes(type))).toEqual([
    ...['level', 'start', 'level', 'start', 'end'],
  ]);
  expect(trainAnswer.parse(of('end')[0]!.answer).levels).toHaveLength(2);
});

test.each([
  [['--env', 'Pendulum-v2'], { code: 'UNKNOWN_NAME', exitCode: 2 }],
  [['--step', '3'], { code: 'UNKNOWN_NAME', exitCode: 2 }],
  [['--envs', '0'], { code: 'INVALID_INPUT', field: '--envs', exitCode: 2 }],
  [['--set', 'criticLearningRate=1e30'], { code: 'DIVERGENCE', exitCode: 1 }],
])('%j is the last event, an error', async (more, error) => {
  const directory = await temporaryDirectory();
  const args = more[0] === '--env' ? ['train', 'sac', '--steps', '9', ...more] : [...pendulum, ...more];
  const { exitCode, of, types, err } = await follow([...args, '--out', 'run'], { directory });
  expect(exitCode).toBe(error.exitCode);
  expect(of('error')).toMatchObject([error]);
  expect(types.at(-1)).toBe('error');
  expect(err).toContain(`maxent: ${of('error')[0]!.message}`);
});

test('with --json, and in another form, events are refused', async () => {
  const directory = await temporaryDirectory();
  const both = await runInProcess([...pendulum, '--json', '--events', 'ndjson'], { directory });
  expect([both.exitCode, both.json.error.field]).toEqual([2, '--events']);
  expect(both.json.error.message).toContain('cannot be given with --json');
  const other = await runInProcess([...pendulum, '--events', 'csv'], { directory });
  expect([other.exitCode, other.out]).toEqual([2, '']);
  expect(other.err).toContain('--events: expected "ndjson", got "csv"');
  const short = await runInProcess(['list', 'agents', '--events', 'ndjson'], { directory });
  expect([short.exitCode, short.out]).toEqual([2, '']);
  expect(short.err).toContain('--events');
});
