import {
  type ActOptions,
  copyValue,
  type Environment,
  type GuardedEnvironment,
  type Info,
  type Policy,
  type Transition,
} from '@maxent/core';
import { assertFiniteAction, assertFiniteReturn } from './finiteness.js';
import type { Pacer } from './pacer.js';

export interface RunEpisodeOptions {
  readonly policy: Policy;
  readonly environment: GuardedEnvironment;
  /** Seed of the reset. */
  readonly seed: number;
  readonly actOptions: ActOptions;
  /** For messages. */
  readonly name: string;
  readonly pacer: Pacer;
  readonly signal?: AbortSignal | undefined;
  /** Number of steps after which an unfinished episode is cut off. */
  readonly maxSteps: number;
  readonly onTransition?: (transition: Transition) => void;
}

export interface FinishedEpisode {
  /** Undiscounted sum of the environment's own rewards. */
  readonly episodeReturn: number;
  /** Sum of the rewards that the agent learns from, if a wrapper changed one of them. */
  readonly transformedReturn?: number;
  readonly length: number;
  /** Whether it was cut off after `maxSteps` steps. */
  readonly cut: boolean;
  /** The last step's info. */
  readonly info: Info;
}

/** Limit on an evaluation episode in an environment without a limit of its own. */
const UNLIMITED_EPISODE_STEPS = 10_000;

/** The limit on an evaluation episode's steps: the requested one, else the environment's, else 10,000. */
export function episodeBound(evalMaxSteps: number | undefined, { maxEpisodeSteps }: Environment): number {
  return evalMaxSteps ?? maxEpisodeSteps ?? UNLIMITED_EPISODE_STEPS;
}

/**
 * Runs one episode to its end, or for `maxSteps` steps. Throws EnvironmentFaultError if the environment breaks its
 * contract, DivergenceError if the policy returns a number that is not finite, and the signal's reason once it is
 * aborted.
 */
export async function runEpisode(options: RunEpisodeOptions): Promise<FinishedEpisode> {
  const { policy, environment, seed, actOptions, name, pacer, signal, maxSteps, onTransition } = options;
  let step = 0;
  environment.where = (call) => (call === 'step' ? `step ${step} of ${name}` : `the ${call} of ${name}`);
  // Copied, because the environment may overwrite its array in the next step.
  let observation = copyValue(environment.reset({ seed }).observation);
  let episodeReturn = 0;
  let rewardSum = 0;
  let transformed = false;
  for (let length = 1; ; length++) {
    signal?.throwIfAborted();
    step = length;
    const where = `step ${length} of ${name}`;
    const action = attempt(() => policy.act(observation, actOptions), environment, where);
    assertFiniteAction(action, where);
    const taken = copyValue(action);
    const result = environment.step(action);
    const { observation: nextObservation, originalReward, ...rest } = result;
    const transition = { observation, action: taken, nextObservation, ...rest };
    attempt(() => onTransition?.(transition), environment, where);
    episodeReturn += originalReward ?? result.reward;
    rewardSum += result.reward;
    transformed ||= originalReward !== undefined;
    assertFiniteReturn(episodeReturn, where);
    observation = copyValue(nextObservation);
    if (pacer.due) await pacer.pause();
    const ended = result.terminated || result.truncated;
    if (!ended && length < maxSteps) continue;
    const returns = { episodeReturn, ...(transformed && { transformedReturn: rewardSum }) };
    return { ...returns, length, cut: !ended, info: result.info };
  }
}

/** Runs a call to the policy, which may refuse what the environment returned. */
function attempt<T>(work: () => T, environment: GuardedEnvironment, where: string): T {
  try {
    return work();
  } catch (error) {
    throw environment.refusal(error, where);
  }
}
