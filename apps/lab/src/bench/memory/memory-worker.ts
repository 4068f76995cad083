import { writeSync } from 'node:fs';
import { softActorCritic } from '@maxent/agents';
import { selectBackend } from '@maxent/backend';
import { train } from '@maxent/library';
import { invertedPendulum } from '@maxent/mujoco';
import * as tf from '@tensorflow/tfjs-core';
import { measuredKernels } from '../../machine.js';
import type { MemorySample } from './judge-memory.js';
import { agentSettings, learningStarts, sampleEvery, updates } from './watched-run.js';

/**
 * The run that `lab bench memory` watches, under `node --expose-gc`, in the directory that is its only argument: SAC on
 * InvertedPendulum-v5 with evaluations, checkpoints, metrics and TensorBoard events as in any run. Prints the
 * kernels, then a MemorySample every `sampleEvery` updates, as JSON.
 */
async function run(directory: string): Promise<void> {
  print(JSON.stringify(measuredKernels(await selectBackend({ prefer: 'wasm' }))));
  const trained = await train(softActorCritic, invertedPendulum, {
    ...{ steps: learningStarts + updates, seed: 1, config: agentSettings, backend: 'wasm', out: directory },
    ...{ evalEvery: 5000, evalEpisodes: 2, logEvery: sampleEvery, checkpointEvery: 2500 },
    onMetrics: (row) => print(JSON.stringify(sample(row.updates))),
  });
  trained.close();
}

function sample(updates: number): MemorySample {
  globalThis.gc!();
  return { updates, tensors: tf.memory().numTensors, residentBytes: process.memoryUsage.rss() };
}

/** Writes at once, without a buffer that would show up in the measurement. */
function print(line: string): void {
  writeSync(process.stdout.fd, `${line}\n`);
}

await run(process.argv[2]!);
