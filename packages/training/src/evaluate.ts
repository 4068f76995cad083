import {
  type Environment,
  type Evaluation,
  guardEnvironment,
  guardPolicy,
  type Policy,
  Rng,
  requireCount,
} from '@maxent/core';
import { Pacer } from './loop/pacer.js';
import { episodeBound, type FinishedEpisode, runEpisode } from './loop/run-episode.js';
import type { Watch } from './loop/watch.js';

export interface EvaluateOptions extends Watch {
  readonly policy: Policy;
  readonly environment: Environment;
  readonly episodes: number;
  /** Determines how episodes start and, if actions are sampled, which ones: the agent's own stream is never used. */
  readonly seed: number;
  /** Whether to use the policy's mode or mean instead of samples. */
  readonly deterministic: boolean;
  /**
   * Steps after which an episode is cut off. Default: the environment's `maxEpisodeSteps`; without one, 10,000.
   */
  readonly evalMaxSteps?: number | undefined;
  /** Stops the evaluation; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called after every episode, with its number, counted from 0. */
  readonly onEpisode?: ((ended: FinishedEpisode, episode: number) => void) | undefined;
}

export type EvaluationResult = Omit<Evaluation, 'step'>;

/**
 * Runs whole episodes, or `evalMaxSteps` steps of an episode that does not end, and reports their undiscounted returns
 * and lengths, and the mean and population standard deviation of the returns. Returns are sums of the environment's own
 * rewards; if a wrapper changed rewards, `transformedReturns` are sums of the changed ones. Episode k starts from a
 * seed that depends only on `seed` and k.
 *
 * Throws EnvironmentFaultError if the environment breaks its contract (see `guardEnvironment` of `@maxent/core`),
 * AgentFaultError if the policy does, and DivergenceError if an action is not finite.
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluationResult> {
  const { episodes, seed, deterministic, evalMaxSteps, signal, check, onWarning, onEpisode } = options;
  const environment = guardEnvironment(options.environment, { check, onWarning });
  const { observationSpace, actionSpace } = environment;
  const policy = guardPolicy(options.policy, { observationSpace, actionSpace, check, onWarning });
  requireCount('episodes', episodes);
  if (evalMaxSteps !== undefined) requireCount('evalMaxSteps', evalMaxSteps);
  const root = Rng.fromSeed(seed);
  const starts = root.split('episode');
  const actOptions = { deterministic, rng: root.split('action') };
  const finished: FinishedEpisode[] = [];
  const pacer = new Pacer();
  for (let episode = 0; episode < episodes; episode++) {
    const ended = await runEpisode({
      policy,
      environment,
      seed: starts.split(episode).uint32(),
      actOptions,
      name: `evaluation episode ${episode + 1}`,
      pacer,
      signal,
      maxSteps: episodeBound(evalMaxSteps, environment),
    });
    finished.push(ended);
    onEpisode?.(ended, episode);
  }
  return summarize(finished);
}

/** The evaluation that consists of these episodes. */
export function summarize(episodes: readonly FinishedEpisode[]): EvaluationResult {
  const returns = episodes.map(({ episodeReturn }) => episodeReturn);
  const transformed = episodes.map(
    ({ transformedReturn, episodeReturn }) => transformedReturn ?? episodeReturn,
  );
  return {
    ...meanAndDeviation(returns),
    episodes: episodes.length,
    returns,
    ...(episodes.some(({ transformedReturn }) => transformedReturn !== undefined) && {
      transformedReturns: transformed,
      transformedReturnMean: meanAndDeviation(transformed).returnMean,
    }),
    lengths: episodes.map(({ length }) => length),
    ...countEndings(episodes),
  };
}

/** Number of episodes that were cut off or ended because the simulation became unstable. */
export function countEndings(
  episodes: readonly FinishedEpisode[],
): Pick<Evaluation, 'cutEpisodes' | 'unstableEpisodes'> {
  const cutEpisodes = episodes.filter(({ cut }) => cut).length;
  const unstableEpisodes = episodes.filter(({ info }) => info?.instability !== undefined).length;
  return { ...(cutEpisodes > 0 && { cutEpisodes }), ...(unstableEpisodes > 0 && { unstableEpisodes }) };
}

/** Mean and population standard deviation. Finite values give finite ones, however large. */
function meanAndDeviation(values: readonly number[]): { returnMean: number; returnStd: number } {
  const returnMean = meanOf(values);
  const variance = meanOf(values.map((value) => (value - returnMean) ** 2));
  if (Number.isFinite(variance)) return { returnMean, returnStd: Math.sqrt(variance) };
  // Squares of numbers beyond 1e154 overflow.
  const scale = Math.max(...values.map(Math.abs));
  const { returnMean: mean, returnStd: std } = meanAndDeviation(values.map((value) => value / scale));
  return { returnMean: mean * scale, returnStd: std * scale };
}

function meanOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (Number.isFinite(mean)) return mean;
  return values.reduce((sum, value) => sum + value / values.length, 0);
}
