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
  /** Of the reset. */
  readonly seed: number;
  readonly actOptions: ActOptions;
  /** For messages. */
  readonly name: string;
  readonly pacer: Pacer;
  readonly signal?: AbortSignal | undefined;
  /** Steps after which an episode that goes on is left. */
  readonly maxSteps: number;
  readonly onTransition?: (transition: Transition) => void;
}

export interface FinishedEpisode {
  /** Undiscounted, of rewards as the environment's author gives them. */
  readonly episodeReturn: number;
  /** Of the rewards that the agent learns from, where a wrapper changed one of them. */
  readonly transformedReturn?: number;
  readonly length: number;
  /** Whether it was left after `maxSteps` steps. */
  readonly cut: boolean;
  /** What the last step reported. */
  readonly info: Info;
}

/** The steps of an evaluation episode in an environment without a limit of its own. */
const UNLIMITED_EPISODE_STEPS = 10_000;

/** The steps that an evaluation episode may take: as asked for, else the environment's limit, else 10,000. */
export function episodeBound(evalMaxSteps: number | undefined, { maxEpisodeSteps }: Environment): number {
  return evalMaxSteps ?? maxEpisodeSteps ?? UNLIMITED_EPISODE_STEPS;
}

/**
 * Runs one episode to its end, or for `maxSteps` steps. Throws EnvironmentFaultError when the environment breaks its
 * contract, DivergenceError when the policy gives a number that is not finite, and the signal's reason once it is
 * aborted.
 */
export async function runEpisode(options: RunEpisodeOptions): Promise<FinishedEpisode> {
  const { policy, environment, seed, actOptions, name, pacer, signal, maxSteps, onTransition } = options;
  let step = 0;
  environment.where = (call) => (call === 'step' ? `step ${step} of ${name}` : `the ${call} of ${name}`);
  // Copied, because the environment may write over its array in the next step.
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

/** Runs a call of the policy, which may refuse what the environment gave. */
function attempt<T>(work: () => T, environment: GuardedEnvironment, where: string): T {
  try {
    return work();
  } catch (error) {
    throw environment.refusal(error, where);
  }
}
