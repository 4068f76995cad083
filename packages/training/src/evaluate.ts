import { type Environment, type Evaluation, InvalidInputError, type Policy, Rng } from '@maxent/core';
import { Pacer } from './loop/pacer.js';
import { runEpisode } from './loop/run-episode.js';

export interface EvaluateOptions {
  readonly policy: Policy;
  readonly environment: Environment;
  readonly episodes: number;
  /** Decides how episodes start and, when actions are sampled, which: the agent's own stream is never used. */
  readonly seed: number;
  /** The policy's mode or mean instead of samples. */
  readonly deterministic: boolean;
  /** Stops the evaluation; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

export type EvaluationResult = Omit<Evaluation, 'step'>;

/**
 * Runs whole episodes and reports their undiscounted returns and lengths, the mean return and its population
 * standard deviation. Episode k starts from a seed that depends only on `seed` and k. Throws EnvironmentFaultError
 * when the environment returns a number that is not finite, and DivergenceError when the policy does.
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluationResult> {
  const { policy, environment, episodes, seed, deterministic, signal } = options;
  if (!Number.isSafeInteger(episodes) || episodes < 1) {
    throw new InvalidInputError('episodes', `expected an integer of at least 1, got ${episodes}`);
  }
  const root = Rng.fromSeed(seed);
  const starts = root.split('episode');
  const actOptions = { deterministic, rng: root.split('action') };
  const returns: number[] = [];
  const lengths: number[] = [];
  const pacer = new Pacer();
  for (let episode = 0; episode < episodes; episode++) {
    const { episodeReturn, length } = await runEpisode({
      policy,
      environment,
      seed: starts.split(episode).uint32(),
      actOptions,
      name: `evaluation episode ${episode + 1}`,
      pacer,
      signal,
    });
    returns.push(episodeReturn);
    lengths.push(length);
  }
  return { ...meanAndDeviation(returns), episodes, returns, lengths };
}

export function meanAndDeviation(values: readonly number[]): { returnMean: number; returnStd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { returnMean: mean, returnStd: Math.sqrt(variance) };
}
