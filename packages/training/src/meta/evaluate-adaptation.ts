import {
  type Belief,
  type Environment,
  type GuardedEnvironment,
  guardEnvironment,
  guardMetaAgent,
  InvalidInputError,
  type MetaAgent,
  Rng,
  requireCount,
  type TaskFamily,
  type Transition,
} from '@maxent/core';
import { countEndings, type EvaluationResult, summarize } from '../evaluate.js';
import { Pacer } from '../loop/pacer.js';
import { episodeBound, type FinishedEpisode, runEpisode } from '../loop/run-episode.js';
import type { Watch } from '../loop/watch.js';

/** A task to adapt to. */
export interface TestTask {
  readonly environment: Environment;
  readonly descriptor: readonly number[];
}

export interface AdaptationProtocol {
  /** Episodes in each task. The belief is updated after every one of them. */
  readonly episodes: number;
  /** How many of them, starting with the first, act on a draw from the prior. */
  readonly explorationEpisodes: number;
}

export interface EvaluateAdaptationOptions extends AdaptationProtocol, Watch {
  readonly agent: MetaAgent;
  readonly tasks: readonly TestTask[];
  /** Determines how episodes start, what is drawn from beliefs and, if actions are sampled, which ones. */
  readonly seed: number;
  /** Whether to use the policy's mode instead of samples. */
  readonly deterministic: boolean;
  /**
   * Steps after which an episode is cut off. Default: the environment's `maxEpisodeSteps`; without one, 10,000.
   */
  readonly evalMaxSteps?: number | undefined;
  /** Whether an episode with this info in its last step has reached its goal; `TaskFamily.succeeded`. */
  readonly succeeded?: TaskFamily['succeeded'];
  /** Stops the evaluation; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called with every transition and the number of its episode in the task, counted from 0. */
  readonly onTransition?: (transition: Transition, episode: number) => void;
  /** Called after every episode, with its number in the task, counted from 0. */
  readonly onEpisode?: ((ended: FinishedEpisode, episode: number) => void) | undefined;
}

/** The results of one task, episode by episode. */
export interface TaskAdaptation {
  /** Sums of the environment's own rewards. */
  readonly returns: readonly number[];
  readonly lengths: readonly number[];
  /** The episodes in full. */
  readonly episodes: readonly FinishedEpisode[];
  /** 1 or 0 for each episode; absent if the family does not define success. */
  readonly successes?: readonly number[];
  /** The belief after each episode; absent for agents that do not infer. */
  readonly beliefs?: readonly Belief[];
}

/**
 * Lets an agent adapt to each task from nothing (Rakelly et al. 2019, algorithm 2): in the first episodes it acts on
 * draws from the prior, later on draws from its belief, which every episode updates. Task k and its episodes start from
 * seeds that depend only on `seed`, k and the episode. Throws what `evaluate` throws.
 */
export async function evaluateAdaptation(options: EvaluateAdaptationOptions): Promise<TaskAdaptation[]> {
  const { seed, check, onWarning } = options;
  checkProtocol(options);
  if (options.evalMaxSteps !== undefined) requireCount('evalMaxSteps', options.evalMaxSteps);
  const root = Rng.fromSeed(seed);
  const pacer = new Pacer();
  const results: TaskAdaptation[] = [];
  for (const [k, { environment: unguarded, descriptor }] of options.tasks.entries()) {
    const environment = guardEnvironment(unguarded, { check, onWarning });
    const { observationSpace, actionSpace } = environment;
    const agent = guardMetaAgent(options.agent, { observationSpace, actionSpace, check, onWarning });
    const rng = root.split(k);
    const adaptation = agent.adapt({ descriptor, rng: rng.split('adaptation') });
    results.push(await adaptTo(adaptation, environment, rng, `test task ${k + 1}`, pacer, options));
  }
  return results;
}

async function adaptTo(
  adaptation: ReturnType<MetaAgent['adapt']>,
  environment: GuardedEnvironment,
  rng: Rng,
  task: string,
  pacer: Pacer,
  {
    episodes,
    explorationEpisodes,
    deterministic,
    evalMaxSteps,
    succeeded,
    signal,
    onTransition,
    onEpisode,
  }: EvaluateAdaptationOptions,
): Promise<TaskAdaptation> {
  const actOptions = { deterministic, rng: rng.split('action') };
  const starts = rng.split('episode');
  const finished: FinishedEpisode[] = [];
  const successes: number[] = [];
  const beliefs: Belief[] = [];
  for (let episode = 0; episode < episodes; episode++) {
    adaptation.beginEpisode({ explore: episode < explorationEpisodes });
    const ended = await runEpisode({
      policy: adaptation,
      environment,
      seed: starts.split(episode).uint32(),
      actOptions,
      name: `episode ${episode + 1} of ${task}`,
      pacer,
      signal,
      maxSteps: episodeBound(evalMaxSteps, environment),
      onTransition: (transition) => {
        adaptation.observe(transition);
        onTransition?.(transition, episode);
      },
    });
    finished.push(ended);
    if (succeeded !== undefined) successes.push(Number(succeeded(ended.info)));
    const belief = adaptation.belief();
    if (belief !== undefined) beliefs.push(belief);
    onEpisode?.(ended, episode);
  }
  return {
    returns: finished.map(({ episodeReturn }) => episodeReturn),
    lengths: finished.map(({ length }) => length),
    episodes: finished,
    ...(succeeded !== undefined && { successes }),
    ...(beliefs.length > 0 && { beliefs }),
  };
}

/** Throws InvalidInputError unless there is at least one episode and no more exploration episodes than episodes. */
export function checkProtocol({ episodes, explorationEpisodes }: AdaptationProtocol): void {
  requireCount('episodes', episodes);
  if (
    !Number.isSafeInteger(explorationEpisodes) ||
    explorationEpisodes < 0 ||
    explorationEpisodes > episodes
  ) {
    throw new InvalidInputError(
      'explorationEpisodes',
      `expected an integer from 0 to the ${episodes} episodes, got ${explorationEpisodes}`,
    );
  }
}

/** The evaluation of a run: the return of each task's last, adapted episode, and all returns in addition. */
export function adaptationEvaluation(
  tasks: readonly TaskAdaptation[],
  explorationEpisodes: number,
): EvaluationResult {
  const successes = tasks.flatMap((task) => (task.successes === undefined ? [] : [task.successes]));
  return {
    ...summarize(tasks.map((task) => task.episodes.at(-1)!)),
    ...countEndings(tasks.flatMap(({ episodes }) => episodes)),
    adaptation: {
      explorationEpisodes,
      returns: tasks.map((task) => task.returns),
      ...(successes.length > 0 && { successes }),
    },
  };
}
