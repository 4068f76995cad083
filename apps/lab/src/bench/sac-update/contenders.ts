import { type BackendName, describeBackends, selectBackend } from '@maxent/backend';
import * as tf from '@tensorflow/tfjs-core';
import type { Contender } from '../interleave.js';
import type { KernelSet, KernelSwitch } from '../kernel-switch.js';
import { millisecondsPerCall, warmFor } from '../stopwatch.js';
import type { UpdateSizes } from './flop-count.js';
import { gradientStepsOf } from './gradient-steps.js';
import { StockSoftActorCritic, stockBatch } from './stock-soft-actor-critic.js';
import { makeAgent, randomTransitions } from './workload.js';

const SEED = 1;
const UNIT = 'ms/update';

/** Where and how long a contender works. */
export interface ContenderOptions {
  readonly label: string;
  readonly sizes: UpdateSizes;
  /** Makes the backend current. */
  readonly use: () => Promise<unknown>;
  /** Gradient steps per measurement. */
  readonly updates: number;
  readonly warmMilliseconds: number;
}

/** A contender with what it holds. */
export interface DisposableContender extends Contender {
  dispose(): void;
}

/** Native TensorFlow with one thread, like the others; or why it is absent. */
export async function openNative(): Promise<{ version?: string; tensorflow?: string; absent?: string }> {
  const { available, reason } = describeBackends().find(({ name }) => name === 'native')!;
  if (!available) return { absent: reason };
  const { version, tensorflow } = await selectBackend({ prefer: 'native', threads: 1 });
  return { version, ...(tensorflow !== undefined && { tensorflow }) };
}

export const useBackend = (name: Exclude<BackendName, 'wasm'>) => () =>
  tf.setBackend(name === 'native' ? 'tensorflow' : name);

export const useWasm = (kernels: KernelSwitch, set: KernelSet) => () => kernels.use(set);

/** Our `SoftActorCritic`. */
export async function ours({
  label,
  sizes,
  use,
  updates,
  warmMilliseconds,
}: ContenderOptions): Promise<DisposableContender> {
  await use();
  const agent = makeAgent(sizes, SEED);
  const steps = gradientStepsOf(agent, sizes);
  return {
    label,
    unit: UNIT,
    warmUp: async () => {
      await use();
      steps.warm(warmMilliseconds, Math.min(updates, 3));
    },
    measure: async () => {
      await use();
      return steps.measure(updates);
    },
    dispose: () => agent.dispose(),
  };
}

/**
 * A tfjs user's program on the stock backend, from the initial weights of our agent. Its batch (our first transitions)
 * was turned into tensors beforehand: no replay, no sampling.
 */
export async function stock({
  label,
  sizes,
  use,
  updates,
  warmMilliseconds,
}: ContenderOptions): Promise<Contender> {
  await use();
  const agent = makeAgent(sizes, SEED, { replayCapacity: 1 });
  const program = new StockSoftActorCritic(agent.save().arrays, sizes.actionSize);
  agent.dispose();
  const batch = stockBatch(randomTransitions(sizes.batchSize, SEED, sizes));
  const take = () => program.update(batch);
  return {
    label,
    unit: UNIT,
    warmUp: async () => {
      await use();
      warmFor(warmMilliseconds, Math.min(updates, 3), take);
    },
    measure: async () => {
      await use();
      return millisecondsPerCall(updates, take, () => program.readLosses());
    },
  };
}
