import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { softActorCritic } from '@maxent/agents';
import { selectBackend } from '@maxent/backend';
import { Rng } from '@maxent/core';
import { makeEnvironment } from '@maxent/envs';
import { invertedPendulum } from '@maxent/mujoco';
import { type RunConfig, train } from '@maxent/training';
import { DirectoryRunStorage } from '@maxent/training/node';
import * as tf from '@tensorflow/tfjs-core';
import type { BenchAnswer, Benchmark, BenchOptions } from '../benchmark.js';
import { describeMachine, describeVersions } from '../machine.js';
import { median } from '../statistics.js';
import { judgeMemory, type MemorySample, mebibytes, watched } from './judge-memory.js';

const LEARNING_STARTS = 1000;
const SAMPLE_EVERY = 1000;
const SEED = 1;

const evaluation = { every: 5000, episodes: 2 };

const agentConfig = softActorCritic.config.parse({
  hiddenSizes: [64, 64],
  learningStarts: LEARNING_STARTS,
  // Full long before the first sample that counts.
  replayCapacity: 2000,
});

/** `maxent bench memory`: a training run with everything it does, watched for tensors and memory that pile up. */
export const memory: Benchmark = {
  description: 'Tensors and resident memory over 20,000 updates of a real run, replay already full',
  run,
};

export interface MemoryAnswer extends BenchAnswer {
  readonly samples: readonly MemorySample[];
}

async function run({ progress }: BenchOptions): Promise<MemoryAnswer> {
  const backend = await selectBackend({ prefer: 'wasm' });
  const directory = await mkdtemp(join(tmpdir(), 'maxent-memory-'));
  try {
    const samples = await watchRun(runConfig(backend.name), directory, progress);
    const inside = judgeMemory(samples);
    const counts = inside.map(({ tensors }) => tensors);
    const resident = inside.map(({ residentBytes }) => mebibytes(residentBytes));
    return {
      name: 'memory',
      machine: describeMachine(backend.simd),
      versions: describeVersions(),
      rows: [
        { label: 'tensors', median: median(counts), unit: 'tensors', runs: counts },
        { label: 'resident memory', median: median(resident), unit: 'MiB', runs: resident },
      ],
      ratios: { residentMemoryEndOverStart: resident.at(-1)! / resident[0]! },
      samples,
      notes: [
        `samples every ${SAMPLE_EVERY} updates from ${watched.from} to ${watched.to}; SAC on ${invertedPendulum.id}, ` +
          `hidden layers ${agentConfig.hiddenSizes.join(' and ')}, replay of ${agentConfig.replayCapacity}`,
        'garbage is collected before each sample',
        'with evaluations, checkpoints, metrics and TensorBoard events as in any run',
      ],
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/**
 * V8 lets garbage lie until it needs the room, so resident memory goes up and down by several percent at moments of
 * its own choosing. Collecting before each sample leaves what is really held.
 */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

async function watchRun(
  config: RunConfig,
  directory: string,
  progress: BenchOptions['progress'],
): Promise<MemorySample[]> {
  const environment = await makeEnvironment(invertedPendulum);
  const evaluationEnvironment = await makeEnvironment(invertedPendulum);
  const { observationSpace, actionSpace } = environment;
  const rng = Rng.fromSeed(SEED).split('agent');
  const agent = await softActorCritic.create({ observationSpace, actionSpace, rng }, agentConfig);
  const storage = await DirectoryRunStorage.create(directory, config);
  const collectGarbage = garbageCollector();
  const samples: MemorySample[] = [];
  try {
    await train({
      ...config,
      evaluation,
      agent,
      environment,
      evaluationEnvironment,
      storage,
      listeners: [
        (event) => {
          if (event.type !== 'metrics') return;
          collectGarbage();
          const sample = {
            updates: event.updates,
            tensors: tf.memory().numTensors,
            residentBytes: process.memoryUsage.rss(),
          };
          samples.push(sample);
          progress?.(
            `update ${sample.updates}: ${sample.tensors} tensors, ${mebibytes(sample.residentBytes)} MiB`,
          );
        },
      ],
    });
  } finally {
    await storage.close();
    agent.dispose();
    environment.close();
    evaluationEnvironment.close();
  }
  return samples;
}

function runConfig(backend: string): RunConfig {
  return {
    format: 'maxent-run',
    formatVersion: 1,
    agent: { name: softActorCritic.name, config: JSON.parse(JSON.stringify(agentConfig)) },
    environment: { id: invertedPendulum.id, options: {} },
    steps: LEARNING_STARTS + watched.to,
    seed: SEED,
    evaluation,
    logEvery: SAMPLE_EVERY,
    checkpointEvery: 2500,
    backend,
    plugins: [],
    provenance: { startedAt: new Date().toISOString(), versions: describeVersions(), machine: {} },
  };
}
