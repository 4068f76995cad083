import { type Environment, Rng, type VectorEnvironment } from '@maxent/core';
import { makeEnvironment, SyncVectorEnvironment } from '@maxent/envs';
import { WorkerVectorEnvironment } from '@maxent/envs/node';
import { findTask } from '../tasks.js';
import type { Arrangement, EnvsRequest } from './protocol.js';

const SEED = 1;
/** Lists of actions that are drawn beforehand, to be used in turn. */
const ACTIONS = 1000;
/** Steps between looks at the clock. */
const STRIDE = 50;

/** Environments that are being measured. */
export interface Stepper {
  /** Takes some steps and says how many. */
  advance(): number | Promise<number>;
  close(): void | Promise<void>;
}

type StepRequest = Extract<EnvsRequest, { command: 'step' }>;

export async function makeStepper({ id, arrangement, environments }: StepRequest): Promise<Stepper> {
  if (arrangement === 'single') return singleStepper(await makeEnvironment(findTask(id).definition));
  return vectorStepper(await makeVector(id, arrangement, environments));
}

function singleStepper(environment: Environment): Stepper {
  const rng = Rng.fromSeed(SEED).split('actions');
  const actions = Array.from({ length: ACTIONS }, () => environment.actionSpace.sample(rng));
  environment.reset({ seed: SEED });
  let next = 0;
  return {
    advance: () => {
      for (let i = 0; i < STRIDE; i++) {
        const { terminated, truncated } = environment.step(actions[next]);
        if (terminated || truncated) environment.reset();
        next = (next + 1) % ACTIONS;
      }
      return STRIDE;
    },
    close: () => environment.close(),
  };
}

function makeVector(id: string, arrangement: Arrangement, count: number): Promise<VectorEnvironment> {
  const { definition, module } = findTask(id);
  if (arrangement === 'sync') return SyncVectorEnvironment.create(() => makeEnvironment(definition), count);
  const task = { module: import.meta.resolve(module), id, count };
  return WorkerVectorEnvironment.create(arrangement === 'threads' ? task : { ...task, workers: 2 });
}

async function vectorStepper(vector: VectorEnvironment): Promise<Stepper> {
  const rng = Rng.fromSeed(SEED).split('actions');
  const actions = Array.from({ length: ACTIONS }, () =>
    Array.from({ length: vector.count }, () => vector.actionSpace.sample(rng)),
  );
  await vector.reset({ seed: SEED });
  let next = 0;
  return {
    advance: async () => {
      await vector.step(actions[next]!);
      next = (next + 1) % ACTIONS;
      return vector.count;
    },
    close: () => vector.close(),
  };
}
