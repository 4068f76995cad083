import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { recordOf, weightsOf } from '../../test-support/records.js';
import { runInProcess } from '../../test-support/run-in-process.js';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';
import { evalAnswer } from '../eval/answer.js';
import { reportAnswer } from '../report/answer.js';
import { trainAnswer } from './answer.js';

const plugin = fileURLToPath(new URL('../../test-support/plugin.ts', import.meta.url));
const walk = ['train', 'steady', '--plugin', plugin, '--env', 'Walk-v0', '--log-every', '10'];
const resume = ['train', '--resume', '--plugin', plugin, '--out', 'run'];
const pendulum = [
  ...['train', 'sac', '--env', 'Pendulum-v1', '--steps', '420', '--seed', '3', '--eval-every', '210'],
  ...['--eval-episodes', '2', '--checkpoint-every', '150', '--log-every', '70'],
  ...['--set', 'hiddenSizes=[8,8]', '--set', 'batchSize=16'],
];

test('sac trains, and its run can be evaluated and reported', async () => {
  const directory = await temporaryDirectory();
  const trained = await runInProcess([...pendulum, '--out', 'run', '--json'], { directory });
  expect(trained.exitCode).toBe(0);
  const answer = trainAnswer.parse(trained.json);
  expect(answer).toMatchObject({ runDir: 'run', steps: 420, updates: 320, outcome: 'completed' });
  expect(answer.evaluations.map(({ step, episodes }) => [step, episodes])).toEqual([
    [210, 2],
    [420, 2],
  ]);
  expect(existsSync(answer.report!)).toBe(true);

  const config = JSON.parse(await readFile(join(directory, 'run', 'config.json'), 'utf8'));
  // From --set, from the preset named like the environment, and from the schema's defaults.
  expect(config.agent.config).toMatchObject({ hiddenSizes: [8, 8], learningStarts: 100, discount: 0.99 });
  expect(config).toMatchObject({
    seed: 3,
    environment: { options: { gravity: 10 } },
    backend: answer.backend,
  });

  const evaluate = (...more: string[]) =>
    runInProcess(['eval', 'run', '--episodes', '2', '--json', ...more], { directory });
  const evaluated = evalAnswer.parse((await evaluate('--seed', '5')).json);
  expect(evaluated).toMatchObject({ step: 420, lengths: [200, 200] });
  expect((await evaluate('--seed', '5')).json).toEqual(evaluated);
  expect((await evaluate('--seed', '6')).json.returns).not.toEqual(evaluated.returns);
  expect((await evaluate('--seed', '5', '--stochastic')).json.returns).not.toEqual(evaluated.returns);

  const reported = await runInProcess(['report', 'run', '--no-film', '--curve', 'curve.svg', '--json'], {
    directory,
  });
  const { runs, curve } = reportAnswer.parse(reported.json);
  expect(runs[0]).toMatchObject({ runDir: 'run', agent: 'sac', seed: 3, lastEvaluation: { step: 420 } });
  expect(await readFile(join(directory, curve!), 'utf8')).toMatch(/^<svg/);
});

test('Ctrl-C stores the run, and resuming it gives the numbers of a run that was never stopped', async () => {
  const directory = await temporaryDirectory();
  await runInProcess([...pendulum, '--out', 'whole'], { directory });
  let pressed = false;
  const stopped = await runInProcess([...pendulum, '--out', 'stopped', '--json'], {
    directory,
    onError: (text, pressCtrlC) => {
      if (pressed || !text.startsWith('step 210: evaluation')) return;
      pressed = true;
      pressCtrlC();
    },
  });
  expect(stopped.exitCode).toBe(130);
  expect(stopped.json).toMatchObject({ outcome: 'interrupted' });
  expect(stopped.json.steps).toBeLessThan(420);
  expect(stopped.err).toContain('Stopping after this step and its checkpoint');
  const resumed = await runInProcess(['train', '--resume', '--out', 'stopped', '--json'], { directory });
  expect(resumed.exitCode).toBe(0);
  const [whole, again] = [join(directory, 'whole'), join(directory, 'stopped')];
  expect(await recordOf(again)).toEqual(await recordOf(whole));
  expect(await weightsOf(again, 420)).toEqual(await weightsOf(whole, 420));
});

test.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s stores the run as Ctrl-C does', async (signal, code) => {
  const directory = await temporaryDirectory();
  let stopped = false;
  const { exitCode, json } = await runInProcess([...walk, '--steps', '1000000', '--out', 'run', '--json'], {
    directory,
    terminalColumns: 80,
    onError: (text, stop) => {
      if (stopped || !text.includes('steps/s')) return;
      stopped = true;
      stop(signal);
    },
  });
  expect(exitCode).toBe(code);
  expect(trainAnswer.parse(json)).toMatchObject({ outcome: 'interrupted', stoppedBy: signal });
  const checkpoints = await readdir(join(directory, 'run', 'checkpoints'));
  expect(checkpoints.filter((name) => !name.startsWith('best-'))).toEqual([`step-${json.steps}`]);
});

test('a plugin is recorded with the run, relative to it, and named again to evaluate and resume', async () => {
  const directory = await temporaryDirectory();
  const { json } = await runInProcess([...walk, '--steps', '20', '--out', 'run', '--json'], { directory });
  // The preset named like the environment walks at speed 2 for 5 steps.
  expect(json.evaluations).toEqual([{ step: 20, returnMean: 10, returnStd: 0, episodes: 10 }]);
  const config = JSON.parse(await readFile(join(directory, 'run', 'config.json'), 'utf8'));
  expect(config.plugins).toEqual([relative(join(directory, 'run'), plugin)]);
  const evaluated = await runInProcess(['eval', 'run', '--episodes', '3', '--plugin', plugin, '--json'], {
    directory,
  });
  expect(evaluated.json).toMatchObject({ returns: [10, 10, 10], lengths: [5, 5, 5] });
  const longer = await runInProcess([...resume, '--steps', '40', '--json'], { directory });
  expect(longer.json).toMatchObject({ steps: 40, outcome: 'completed' });
});

test('--stop-at ends a run after two evaluations in a row', async () => {
  const directory = await temporaryDirectory();
  const args = [...walk, '--steps', '1000', '--eval-every', '10', '--stop-at', '9.5', '--json'];
  const { json, exitCode } = await runInProcess(args, { directory });
  expect([exitCode, json.outcome, json.steps]).toEqual([0, 'solved', 20]);
  // Without --out, a directory of its own.
  expect(json.runDir).toMatch(/^runs\/steady-Walk-v0-\d{8}-\d{6}$/);
  expect(existsSync(join(directory, json.runDir, 'config.json'))).toBe(true);
});

test('a reward that is NaN is a failure of the environment', async () => {
  const directory = await temporaryDirectory();
  const args = [...walk, '--steps', '20', '--env-set', 'faultyFrom=3', '--out', 'run', '--json'];
  const { json, exitCode } = await runInProcess(args, { directory });
  expect([exitCode, json.error.code]).toEqual([1, 'ENVIRONMENT_FAULT']);
  expect(json.error.message).toMatch(/environment step 3.*reward NaN/);
});

test('refuses a directory that holds a run or cannot be made', async () => {
  const directory = await temporaryDirectory();
  const args = [...walk, '--steps', '20', '--json', '--out'];
  await runInProcess([...args, 'run'], { directory });
  const again = await runInProcess([...args, 'run'], { directory });
  expect(again.exitCode).toBe(2);
  expect(again.json.error).toMatchObject({ code: 'INVALID_INPUT', field: '--out' });
  expect(again.json.error.message).toContain('already holds a run');
  await writeFile(join(directory, 'file'), '');
  const blocked = await runInProcess([...args, 'file/run'], { directory });
  expect([blocked.exitCode, blocked.json.error.field]).toEqual([2, '--out']);
});

test.each([
  [['--seed', '2'], '--seed'],
  [['--steps', '10'], '--steps'],
  [['--set', 'speed=3'], '--set speed'],
  [['--env-set', 'length=6'], '--env-set length'],
  [['--eval-every', '7'], '--eval-every'],
])('does not resume with another configuration: %j', async (more, field) => {
  const directory = await temporaryDirectory();
  await runInProcess([...walk, '--steps', '20', '--out', 'run'], { directory });
  const args = [...resume, '--json', ...more];
  const { exitCode, json } = await runInProcess(args, { directory });
  expect([exitCode, json.error.field]).toEqual([2, field]);
});

test('the command of the start resumes when --resume is added', async () => {
  const directory = await temporaryDirectory();
  await runInProcess([...walk, '--steps', '20', '--out', 'run'], { directory });
  const { exitCode, json } = await runInProcess(
    [...walk, '--steps', '30', '--out', 'run', '--resume', '--json'],
    {
      directory,
    },
  );
  expect([exitCode, json.steps]).toEqual([0, 30]);
});

test('a damaged checkpoint is named, and the one before it is used', async () => {
  const directory = await temporaryDirectory();
  await runInProcess([...walk, '--steps', '60', '--checkpoint-every', '20', '--out', 'run'], { directory });
  const checkpoints = join(directory, 'run', 'checkpoints');
  const damage = async (name: string) => {
    const files = (await readdir(join(checkpoints, name))).filter((file) => file.endsWith('.safetensors'));
    for (const file of files) await writeFile(join(checkpoints, name, file), 'damaged');
  };
  const names = (await readdir(checkpoints)).sort();
  await damage(names.at(-1)!);
  const evaluated = await runInProcess(['eval', 'run', '--plugin', plugin, '--json'], { directory });
  expect(evaluated.exitCode).toBe(0);
  expect(evaluated.err).toContain(names.at(-1)!);
  expect(evaluated.json.step).toBe(Number(names.at(-2)!.split('-')[1]));
  for (const name of names) await damage(name);
  const nothing = await runInProcess([...resume, '--json'], { directory });
  expect([nothing.exitCode, nothing.json.error.code]).toEqual([2, 'DAMAGED_DATA']);
});

test('maxent.config.ts adds plugins', async () => {
  const directory = await temporaryDirectory();
  await writeFile(
    join(directory, 'maxent.config.ts'),
    `import { plugin } from '${plugin}';\nconst config: object = { plugins: [plugin] };\nexport default config;\n`,
  );
  const { json } = await runInProcess(['list', 'agents', '--json'], { directory });
  expect(json.agents).toContainEqual(expect.objectContaining({ name: 'steady', plugin: 'walking' }));
  const help = await runInProcess(['train', 'steady', '--env', 'Walk-v0', '--help'], { directory });
  expect(help.out).toContain('speed  the action [default: 1] (number)');
  expect(help.out).toContain('length      steps to the end [default: 5] (integer > 0)');
});

test.each([
  ['export default 1;', 'exports 1 instead of a plugin'],
  ['export default { plugins: [{ name: "" }] };', 'needs a non-empty name'],
  [
    'export default { plugins: [{ name: "@maxent/agents" }] };',
    'there is already a plugin "@maxent/agents", from maxent itself',
  ],
  ['import "no-such-package"; export default {};', 'no-such-package'],
  ['export default {', 'cannot load'],
])('maxent.config.js with %s is refused', async (text, message) => {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, 'project'));
  await writeFile(join(directory, 'project', 'maxent.config.mjs'), text);
  const { exitCode, json } = await runInProcess(['list', 'agents', '--json'], {
    directory: join(directory, 'project'),
  });
  expect(exitCode).toBe(2);
  expect(json.error.message).toContain(message);
});

test('several environments are recorded, shown in the report and needed to resume', async () => {
  const directory = await temporaryDirectory();
  const several = [...pendulum, '--envs', '4', '--out', 'run', '--json'];
  const trained = await runInProcess(several, { directory });
  expect(trained.exitCode).toBe(0);
  // The evaluations come after the first rounds that reach 210 and 420 steps.
  const answer = trainAnswer.parse(trained.json);
  expect(answer).toMatchObject({ steps: 420, updates: 320 });
  expect(answer.evaluations.map(({ step }) => step)).toEqual([212, 420]);
  const config = JSON.parse(await readFile(join(directory, 'run', 'config.json'), 'utf8'));
  expect(config.envs).toBe(4);
  expect(await readFile(answer.report!, 'utf8')).toContain('<th scope="row">environments</th><td>4</td>');
  const resumeWith = (...more: string[]) =>
    runInProcess(['train', '--resume', '--out', 'run', '--json', ...more], { directory });
  const other = await resumeWith('--envs', '2');
  expect([other.exitCode, other.json.error.field]).toEqual([2, '--envs']);
  expect(other.json.error.message).toContain('started with 4 and cannot be resumed with 2');
  const longer = await resumeWith('--steps', '440', '--env-workers', '0');
  expect(trainAnswer.parse(longer.json).steps).toBe(440);
});

test.each([
  [['--envs', '0'], '--envs', 'got 0'],
  [['--envs', '2.5'], '--envs', 'got 2.5'],
  [['--envs', '123456789'], '--envs', 'use fewer'],
  [['--envs', '2', '--env-workers', '3'], '--env-workers', 'at most one for each of 2 environments, got 3'],
  [['--env-workers', '2'], '--env-workers', 'set envs too'],
])('%j is refused before a directory is written', async (more, field, problem) => {
  const directory = await temporaryDirectory();
  const refused = await runInProcess([...pendulum, '--out', 'run', '--json', ...more], { directory });
  expect([refused.exitCode, refused.json.error.field]).toEqual([2, field]);
  expect(refused.json.error.message).toContain(problem);
  expect(existsSync(join(directory, 'run'))).toBe(false);
});
