import { selectBackend } from '@maxent/backend';
import { InvalidStateError, type UpdateResult } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { BenchmarkFailedError } from '../benchmark.js';
import type { Contender } from '../interleave.js';
import type { KernelSwitch } from '../kernel-switch.js';
import { millisecondsPerCall, warmFor } from '../stopwatch.js';
import { StockSoftActorCritic, stockBatch } from './stock-soft-actor-critic.js';
import { benchmarkSizes, makeAgent, randomTransitions } from './workload.js';

/** Gradient steps per run: the same for stock and ours; fewer on plain cpu, where each takes about a second. */
export const updatesPerRun = { wasm: 20, cpu: 2 };

const WARM_MILLISECONDS = 3000;
const REPLAY_ROWS = 10_000;
const SEED = 1;
const UNIT = 'ms/update';

/**
 * `SoftActorCritic` with the fused kernels, through its public methods. Each update stores a transition, samples a
 * batch from replay and takes one gradient step.
 */
export async function oursOnWasm(kernels: KernelSwitch): Promise<Contender> {
  await kernels.use('repaired');
  const agent = makeAgent(benchmarkSizes, SEED);
  const transitions = randomTransitions(REPLAY_ROWS, SEED, benchmarkSizes);
  for (const transition of transitions) agent.observe(transition);
  let updates = 0;
  let last: UpdateResult | undefined;
  const update = (): void => {
    agent.observe(transitions[updates % REPLAY_ROWS]!);
    last = agent.update();
    updates += last.gradientSteps;
  };
  return {
    label: 'ours, wasm',
    unit: UNIT,
    warmUp: async () => {
      await kernels.use('repaired');
      warmFor(WARM_MILLISECONDS, updatesPerRun.wasm, update);
    },
    measure: async () => {
      await kernels.use('repaired');
      const before = updates;
      const milliseconds = millisecondsPerCall(updatesPerRun.wasm, update, () => last!.metrics());
      assertSteps(updates - before, updatesPerRun.wasm);
      return milliseconds;
    },
  };
}

/**
 * The tfjs user's program on tfjs-wasm as it ships. Its batch (the first transitions of ours) was made into tensors
 * beforehand: no replay, no sampling.
 */
export async function stockOnWasm(kernels: KernelSwitch): Promise<Contender> {
  await kernels.use('stock');
  const update = stockUpdate();
  return {
    label: 'stock tfjs-wasm autodiff',
    unit: UNIT,
    warmUp: async () => {
      await kernels.use('stock');
      warmFor(WARM_MILLISECONDS, updatesPerRun.wasm, update.take);
    },
    measure: async () => {
      await kernels.use('stock');
      return millisecondsPerCall(updatesPerRun.wasm, update.take, update.finish);
    },
  };
}

/** The same program on the plain JavaScript backend; with the version of its package. */
export async function stockOnCpu(): Promise<Contender & { readonly version: string }> {
  const { name, version, reason } = await selectBackend({ prefer: 'cpu' });
  if (name !== 'cpu') throw new InvalidStateError(`expected the cpu backend, got ${name}: ${reason}`);
  const update = stockUpdate();
  return {
    version,
    label: 'plain cpu backend, autodiff',
    unit: UNIT,
    warmUp: async () => {
      await tf.setBackend('cpu');
      warmFor(WARM_MILLISECONDS, updatesPerRun.cpu, update.take);
    },
    measure: async () => {
      await tf.setBackend('cpu');
      return millisecondsPerCall(updatesPerRun.cpu, update.take, update.finish);
    },
  };
}

/** On the current backend, from the initial weights of our agent. */
function stockUpdate(): { take: () => void; finish: () => void } {
  const agent = makeAgent(benchmarkSizes, SEED, { replayCapacity: 1 });
  const program = new StockSoftActorCritic(agent.save().arrays, benchmarkSizes.actionSize);
  agent.dispose();
  const batch = stockBatch(randomTransitions(benchmarkSizes.batchSize, SEED, benchmarkSizes));
  return { take: () => program.update(batch), finish: () => program.readLosses() };
}

function assertSteps(taken: number, expected: number): void {
  if (taken !== expected) {
    throw new BenchmarkFailedError(`ours took ${taken} gradient steps in a run that must take ${expected}`);
  }
}
