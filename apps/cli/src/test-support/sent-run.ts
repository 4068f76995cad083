import { Rng } from '@maxent/core';
import { makeEnvironment } from '@maxent/envs';
import { type RunConfig, train } from '@maxent/training';
import { DirectoryRunStorage, writeReport } from '@maxent/training/node';
import { plugin } from './plugin.js';

/**
 * A complete and correct run directory, as somebody else may send it, written by the library. Its `config.json`
 * contains `changes`, whatever the run was made with.
 */
export async function makeSentRun(directory: string, changes: Partial<RunConfig>): Promise<void> {
  const [agentDefinition] = plugin.agents!;
  const [definition] = plugin.environments!;
  const options = definition!.options.parse({});
  const environment = await makeEnvironment(definition!, options);
  const evaluationEnvironment = await makeEnvironment(definition!, options);
  const { observationSpace, actionSpace } = environment;
  const agent = await agentDefinition!.create(
    { observationSpace, actionSpace, rng: Rng.fromSeed(1) },
    agentDefinition!.config.parse({}),
  );
  const schedule = {
    steps: 4,
    seed: 1,
    evaluation: { every: 4, episodes: 1 },
    logEvery: 4,
    checkpointEvery: 4,
  };
  const storage = await DirectoryRunStorage.create(directory, {
    format: 'maxent-run',
    formatVersion: 1,
    agent: { name: 'steady', config: { speed: 1 } },
    environment: { id: 'Walk-v0', options: { length: 5, faultyFrom: null } },
    ...schedule,
    backend: 'wasm',
    plugins: [],
    provenance: { startedAt: new Date(0).toISOString(), versions: {}, machine: {} },
    ...changes,
  });
  try {
    await train({ ...schedule, agent, environment, evaluationEnvironment, storage });
  } finally {
    await storage.close();
  }
  await writeReport(directory);
}
