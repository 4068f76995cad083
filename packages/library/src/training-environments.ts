import { type Environment, InvalidInputError, type VectorEnvironment } from '@maxent/core';
import { SyncVectorEnvironment } from '@maxent/envs';
import { requireTrainable } from '@maxent/training';
import { environmentsInWorkers } from './environment-workers.js';
import { makeRunEnvironment } from './make-run.js';
import type { RunPlan } from './run-request.js';
import type { StartRunOptions } from './start-run.js';

/**
 * What a run trains in: one environment, or `envs` of them in this thread or in several, with the same numbers.
 * Throws InvalidInputError if the run cannot train in several of these environments, or if `envWorkers` asks for
 * threads that cannot run them.
 */
export async function makeTrainingEnvironment(
  options: StartRunOptions,
  plan: RunPlan,
): Promise<Environment | VectorEnvironment> {
  const { registry, below, watch, envWorkers = 0, open } = options;
  const { envs = 1 } = plan;
  if (envs === 1) {
    if (envWorkers > 1) {
      throw new InvalidInputError(
        'envWorkers',
        `expected 0 or 1 for one environment, which is always stepped in this thread, got ${envWorkers}; set envs too`,
      );
    }
    return makeRunEnvironment(registry, plan, below, 'training', watch);
  }
  const vector =
    (await environmentsInWorkers(options, plan, envs)) ?? (await inThisThread(options, plan, envs));
  try {
    requireTrainable('envs', vector, open !== undefined);
    return vector;
  } catch (error) {
    await vector.close();
    throw error;
  }
}

function inThisThread(
  { registry, below, watch }: StartRunOptions,
  plan: RunPlan,
  envs: number,
): Promise<VectorEnvironment> {
  // An oddity of one environment is one of all.
  const quiet = { ...watch, onWarning: () => undefined };
  return SyncVectorEnvironment.create(
    (i): Promise<Environment> =>
      makeRunEnvironment(registry, plan, below, 'training', i === 0 ? watch : quiet),
    envs,
  );
}
