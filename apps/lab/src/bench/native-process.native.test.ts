// What a process with the native backend can hold: environments in worker threads next to one learner; and what it
// cannot, a second TensorFlow. In a process of its own, on the compiled packages: worker threads load no TypeScript.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { packageDirectory } from '../machine.js';

async function runModule(source: string): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', source], {
    cwd: packageDirectory,
  });
  return JSON.parse(stdout);
}

test('several environments and one learner on native', { timeout: 120_000 }, async () => {
  const { backend, steps, losses } = await runModule(`
    import { SoftActorCritic, softActorCriticConfig } from '@maxent/agents';
    import { selectBackend } from '@maxent/backend';
    import { Rng } from '@maxent/core';
    import { WorkerVectorEnvironment } from '@maxent/envs/node';

    const { name } = await selectBackend({ prefer: 'native', threads: 1 });
    const module = import.meta.resolve('@maxent/envs');
    const vector = await WorkerVectorEnvironment.create({ module, id: 'Pendulum-v1', count: 4, workers: 2 });
    const { observationSpace, actionSpace } = vector;
    const config = softActorCriticConfig.parse({ hiddenSizes: [16], batchSize: 16, learningStarts: 20, replayCapacity: 1000 });
    const agent = new SoftActorCritic({ observationSpace, actionSpace, rng: Rng.fromSeed(1) }, config);
    let { observations } = await vector.reset({ seed: 1 });
    const losses = [];
    let steps = 0;
    for (let i = 0; i < 30; i++) {
      const actions = observations.map((observation) => agent.act(observation, { deterministic: false }));
      const result = await vector.step(actions);
      for (let e = 0; e < vector.count; e++) {
        agent.observe({
          observation: observations[e],
          action: actions[e],
          reward: result.rewards[e],
          nextObservation: result.ends[e]?.observation ?? result.observations[e],
          terminated: result.terminated[e],
          truncated: result.truncated[e],
        });
        const update = agent.update();
        if (update.gradientSteps > 0) losses.push(update.metrics().criticLoss);
        steps++;
      }
      observations = result.observations;
    }
    await vector.close();
    agent.dispose();
    console.log(JSON.stringify({ backend: name, steps, losses }));
  `);
  expect(backend).toBe('native');
  expect(steps).toBe(120);
  expect(losses).toHaveLength(100);
  for (const loss of losses as number[]) expect(Number.isFinite(loss)).toBe(true);
});

test('a worker thread is refused, with the reason', { timeout: 60_000 }, async () => {
  const { message } = await runModule(`
    import { Worker } from 'node:worker_threads';
    const url = import.meta.resolve('@maxent/backend');
    const worker = new Worker(
      \`import(\${JSON.stringify(url)}).then(({ selectBackend }) => selectBackend({ prefer: 'native' })).then(
        () => 'accepted',
        (error) => error.message,
      ).then(async (message) => (await import('node:worker_threads')).parentPort.postMessage(message));\`,
      { eval: true },
    );
    worker.once('message', async (message) => {
      console.log(JSON.stringify({ message }));
      await worker.terminate();
    });
  `);
  expect(message).toContain('TensorFlow runs in the main thread only');
  expect(message).toContain('use wasm in worker threads');
});
