import type { ActOptions, Environment, Info, Policy, Transition } from '@maxent/core';
import { assertFiniteAction, isFiniteStep, stepFault } from './finiteness.js';
import type { Pacer } from './pacer.js';

export interface RunEpisodeOptions {
  readonly policy: Policy;
  readonly environment: Environment;
  /** Of the reset. */
  readonly seed: number;
  readonly actOptions: ActOptions;
  /** For messages. */
  readonly name: string;
  readonly pacer: Pacer;
  readonly signal?: AbortSignal | undefined;
  readonly onTransition?: (transition: Transition) => void;
}

export interface FinishedEpisode {
  /** Undiscounted. */
  readonly episodeReturn: number;
  readonly length: number;
  /** What the last step reported. */
  readonly info: Info;
}

/**
 * Runs one whole episode. Throws EnvironmentFaultError when the environment returns a number that is not finite,
 * DivergenceError when the policy does, and the signal's reason once it is aborted.
 */
export async function runEpisode(options: RunEpisodeOptions): Promise<FinishedEpisode> {
  const { policy, environment, seed, actOptions, name, pacer, signal, onTransition } = options;
  let { observation } = environment.reset({ seed });
  let episodeReturn = 0;
  for (let length = 1; ; length++) {
    signal?.throwIfAborted();
    const action = policy.act(observation, actOptions);
    const where = `step ${length} of ${name}`;
    assertFiniteAction(action, where);
    const result = environment.step(action);
    if (!isFiniteStep(result)) throw stepFault(result, where);
    const { observation: nextObservation, ...rest } = result;
    onTransition?.({ observation, action, nextObservation, ...rest });
    episodeReturn += result.reward;
    observation = nextObservation;
    if (pacer.due) await pacer.pause();
    if (result.terminated || result.truncated) return { episodeReturn, length, info: result.info };
  }
}
