import { softActorCritic } from '@maxent/agents';
import { selectBackend } from '@maxent/backend';
import { parseConfig, Rng } from '@maxent/core';
import { makeEnvironment, pendulum } from '@maxent/envs';
import { type RunConfig, train } from '@maxent/training';
import { DirectoryRunStorage } from '@maxent/training/node';
import { beforeEach, expect, test } from 'vitest';
import { runInProcess } from '../../test-support/run-in-process.js';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';

/** The directory of a run that a script of the user's made, which says no more than it has to. */
let directory: string;

const schedule = {
  steps: 60,
  seed: 1,
  evaluation: { every: 60, episodes: 1 },
  logEvery: 60,
  checkpointEvery: 60,
};

async function runScript(changes: Partial<RunConfig> = {}): Promise<void> {
  const backend = await selectBackend({ prefer: 'cpu' });
  const own = { hiddenSizes: [8], learningStarts: 1000 };
  const environment = await makeEnvironment(pendulum);
  const agent = await softActorCritic.create(
    {
      observationSpace: environment.observationSpace,
      actionSpace: environment.actionSpace,
      rng: Rng.fromSeed(1).split('agent'),
    },
    parseConfig(softActorCritic.config, own),
  );
  const storage = await DirectoryRunStorage.create(`${directory}/run`, {
    format: 'maxent-run',
    formatVersion: 1,
    agent: { name: 'sac', config: own },
    environment: { id: 'Pendulum-v1', options: {} },
    ...schedule,
    backend: backend.name,
    plugins: [],
    provenance: { startedAt: new Date(0).toISOString(), versions: {}, machine: {} },
    ...changes,
  });
  const evaluationEnvironment = await makeEnvironment(pendulum);
  await train({ ...schedule, agent, environment, evaluationEnvironment, storage });
  await storage.close();
}

beforeEach(async () => {
  directory = await temporaryDirectory();
});

const resume = (...more: string[]) =>
  runInProcess(['train', '--resume', '--out', 'run', '--json', ...more], { directory });

test("a script's run without defaults is evaluated, lengthened and refused where it differs", async () => {
  await runScript();
  const evaluated = await runInProcess(['eval', 'run', '--episodes', '1', '--json'], { directory });
  expect([evaluated.exitCode, evaluated.json.step]).toEqual([0, 60]);
  const other = await resume('--set', 'batchSize=7');
  expect(other.json.error).toMatchObject({ code: 'INVALID_INPUT', field: '--set batchSize' });
  expect(other.json.error.message).toContain('the run was started with 256 and cannot be resumed with 7');
  const longer = await resume('--steps', '80');
  expect([longer.exitCode, longer.json.steps]).toEqual([0, 80]);
  // The file stays the script's.
  const again = await resume('--steps', '90', '--set', 'batchSize=256', '--env-set', 'gravity=10');
  expect([again.exitCode, again.json.steps]).toEqual([0, 90]);
});

test.each([
  [
    { agent: { name: 'mine', config: {} } },
    '--plugin',
    'the run needs the agent "mine", which no loaded plugin provides. It names no plugin',
  ],
  [{ environment: { id: 'Mine-v0', options: {} } }, '--plugin', 'the run needs the environment "Mine-v0"'],
  [{ agent: { name: 'sac', config: { batchSise: 7 } } }, 'agent.config.batchSise', 'did you mean batchSize?'],
  [
    { environment: { id: 'Pendulum-v1', options: { gravity: 'strong' } } },
    'environment.options.gravity',
    '"strong"',
  ],
])('what a run says that nothing here understands is named: %j', async (changes, field, message) => {
  await runScript(changes as Partial<RunConfig>);
  for (const { exitCode, json } of [
    await resume(),
    await runInProcess(['eval', 'run', '--json'], { directory }),
  ]) {
    expect([exitCode, json.error.field]).toEqual([2, field]);
    expect(json.error.message).toContain(message);
  }
});

test('a backend that nobody knows is named', async () => {
  await runScript({ backend: 'webgpu' });
  const { exitCode, json } = await resume();
  expect([exitCode, json.error.field]).toEqual([2, '--backend']);
  expect(json.error.message).toContain('expected native, wasm, cpu, got "webgpu"');
});
