import { type Environment, InvalidInputError, Rng, type VectorEnvironment } from '@maxent/core';
import { platform } from '#platform';
import { packageOf } from './built-in.js';
import { makeRunEnvironment } from './make-run.js';
import type { EnvironmentWorkers } from './platform/platform.js';
import type { RunPlan } from './run-request.js';
import type { StartRunOptions } from './start-run.js';

/**
 * The environments of a run in this thread and worker threads; undefined to step all of them in this one. `envWorkers`
 * is the number of threads, this one included. Without it, there are as many as are worth it. Throws InvalidInputError
 * if threads that are asked for cannot run these environments.
 */
export async function environmentsInWorkers(
  options: StartRunOptions,
  plan: RunPlan,
  envs: number,
): Promise<VectorEnvironment | undefined> {
  const { envWorkers, watch, onNotice } = options;
  if (envWorkers === 0 || envWorkers === 1) return undefined;
  const { threads, module, problem } = await threadsFor(options, plan);
  if (envWorkers !== undefined) {
    if (problem !== undefined) {
      throw new InvalidInputError('envWorkers', `expected 0 or 1, got ${envWorkers}: ${problem}`);
    }
    if (envWorkers > envs) {
      throw new InvalidInputError(
        'envWorkers',
        `expected at most one for each of ${envs} environments, got ${envWorkers}`,
      );
    }
  }
  if (problem !== undefined) return undefined;
  const { cores } = threads;
  // Threads never pay on one core, so there is nothing to measure.
  const workers =
    envWorkers ?? (cores === 1 ? 0 : worthwhileWorkers(envs, cores, await costOf(options, plan)));
  if (workers === 0) return undefined;
  try {
    const { id, options: environmentOptions } = plan.environment;
    return await threads.start({
      ...{ module, id, options: environmentOptions },
      ...{ count: envs, workers, guard: watch },
    });
  } catch (error) {
    if (envWorkers !== undefined) throw error;
    onNotice?.(
      `environments run one after the other in this thread, which takes longer: ${(error as Error).message}`,
    );
    return undefined;
  }
}

type Threads =
  | { readonly threads: EnvironmentWorkers; readonly module: string; readonly problem?: undefined }
  | { readonly threads?: undefined; readonly module?: undefined; readonly problem: string };

/** What worker threads would import the run's environment from, or why they cannot. */
async function threadsFor({ registry, environmentModule }: StartRunOptions, plan: RunPlan): Promise<Threads> {
  const threads = platform.environmentWorkers;
  if (threads === undefined) return { problem: 'a page steps its environments in its own thread' };
  if (plan.level !== undefined) {
    return { problem: 'the frozen levels of a hierarchy are in this thread, and so are its environments' };
  }
  const { id } = plan.environment;
  const builtIn = await packageOf(registry.environment(id));
  const module = builtIn === undefined ? environmentModule : threads.resolve(builtIn);
  if (module !== undefined) return { threads, module };
  return {
    problem:
      builtIn === undefined
        ? `worker threads cannot import ${id}, which is neither built in nor in a plugin that is a package or a JavaScript file`
        : `worker threads cannot find ${builtIn}; install it where the program runs`,
  };
}

/**
 * What a round in several threads takes on top of the largest share: handing over actions, waking the threads, and
 * taking over results. In rounds without a pause, 8 CartPoles in two threads take 0.006 more than 4 in one. After
 * pauses of 1 to 4 milliseconds, as for gradient steps, it is 0.03 to 0.1 for Pendulum, InvertedPendulum and HalfCheetah:
 * the threads have fallen asleep, and their memory has left the caches.
 */
const EXCHANGE_MILLISECONDS = 0.08;

/** How much longer a round must take in this thread for threads to be worth it. */
const CLEARLY = 1.25;

/** How many threads, this one included, to step environments in whose step takes that long; 0 for this one alone. */
export function worthwhileWorkers(envs: number, cores: number, stepMilliseconds: number): number {
  const workers = Math.min(envs, cores);
  const here = envs * stepMilliseconds;
  const there = Math.ceil(envs / workers) * stepMilliseconds + EXCHANGE_MILLISECONDS;
  return here > CLEARLY * there ? workers : 0;
}

const WARM_UP_MILLISECONDS = 5;
const MEASURED_MILLISECONDS = 1;
/** Measurements, of which the shortest counts: another program may take the core away from the others. */
const MEASUREMENTS = 5;

/** Milliseconds that a step takes in an environment like the run's, made for this measurement only. */
async function costOf({ registry }: StartRunOptions, plan: RunPlan): Promise<number> {
  const watch = { check: false, onWarning: () => undefined };
  const environment = await makeRunEnvironment(registry, plan, undefined, 'training', watch);
  try {
    return stepMilliseconds(environment);
  } catch {
    // A fault is reported where it happens in the run.
    return 0;
  } finally {
    environment.close();
  }
}

/** Milliseconds per step with random actions, resets included, once it has warmed up. */
export function stepMilliseconds(environment: Environment): number {
  const rng = Rng.fromSeed(0).split('step cost');
  const actions = Array.from({ length: 32 }, () => environment.actionSpace.sample(rng));
  environment.reset({ seed: 0 });
  const stepFor = (milliseconds: number): number => {
    const start = performance.now();
    for (let steps = 1; ; steps++) {
      const { terminated, truncated } = environment.step(actions[steps % actions.length]);
      if (terminated || truncated) environment.reset();
      const taken = performance.now() - start;
      if (taken >= milliseconds) return taken / steps;
    }
  };
  stepFor(WARM_UP_MILLISECONDS);
  return Math.min(...Array.from({ length: MEASUREMENTS }, () => stepFor(MEASURED_MILLISECONDS)));
}
