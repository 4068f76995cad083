import { writeSync } from 'node:fs';
import { softActorCritic } from '@maxent/agents';
import { selectBackend } from '@maxent/backend';
import { Rng } from '@maxent/core';
import { makeEnvironment } from '@maxent/envs';
import { invertedPendulum } from '@maxent/mujoco';
import { type RunConfig, train } from '@maxent/training';
import { DirectoryRunStorage } from '@maxent/training/node';
import * as tf from '@tensorflow/tfjs-core';
import { describeVersions } from '../../machine.js';
import type { MemorySample } from './judge-memory.js';
import { agentSettings, learningStarts, sampleEvery, updates } from './watched-run.js';

const SEED = 1;
const evaluation = { every: 5000, episodes: 2 };

/**
 * The run that `lab bench memory` watches, under `node --expose-gc`, in the directory that is its only argument: SAC on InvertedPendulum-v5
 * with evaluations, checkpoints, metrics and TensorBoard events as in any run. Prints the name of the kernels' SIMD
 * build, then a MemorySample as JSON every `sampleEvery` updates.
 */
async function run(directory: string): Promise<void> {
  const backend = await selectBackend({ prefer: 'wasm' });
  print(backend.simd);
  const environment = await makeEnvironment(invertedPendulum);
  const evaluationEnvironment = await makeEnvironment(invertedPendulum);
  const { observationSpace, actionSpace } = environment;
  const agentConfig = softActorCritic.config.parse(agentSettings);
  const rng = Rng.fromSeed(SEED).split('agent');
  const agent = await softActorCritic.create({ observationSpace, actionSpace, rng }, agentConfig);
  const config = runConfig(backend.name, agentConfig);
  const storage = await DirectoryRunStorage.create(directory, config);
  await train({
    ...config,
    evaluation,
    agent,
    environment,
    evaluationEnvironment,
    storage,
    listeners: [
      (event) => {
        if (event.type === 'metrics') print(JSON.stringify(sample(event.updates)));
      },
    ],
  });
  await storage.close();
}

function sample(updates: number): MemorySample {
  globalThis.gc!();
  return { updates, tensors: tf.memory().numTensors, residentBytes: process.memoryUsage.rss() };
}

/** At once and without a buffer that would show up in what is measured. */
function print(line: string): void {
  writeSync(process.stdout.fd, `${line}\n`);
}

function runConfig(backend: string, agentConfig: object): RunConfig {
  return {
    format: 'maxent-run',
    formatVersion: 1,
    agent: { name: softActorCritic.name, config: JSON.parse(JSON.stringify(agentConfig)) },
    environment: { id: invertedPendulum.id, options: {} },
    steps: learningStarts + updates,
    seed: SEED,
    evaluation,
    logEvery: sampleEvery,
    checkpointEvery: 2500,
    backend,
    plugins: [],
    provenance: { startedAt: new Date().toISOString(), versions: describeVersions(), machine: {} },
  };
}

await run(process.argv[2]!);
