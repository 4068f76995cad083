import type { Environment, Info } from './environment.js';
import type { Snapshot } from './snapshot.js';
import type { Space } from './spaces/space.js';

export interface VectorResetOptions {
  /**
   * Reseeds the environments: environment i with `seed + i`, or with entry i of a list. Without it, the current random
   * streams continue; if no seed was ever given, the reset uses seed 0.
   */
  readonly seed?: number | readonly number[];
}

export interface VectorResetResult<Observation, ResetInfo = Info> {
  /** One per environment. */
  readonly observations: Observation[];
  readonly infos: ResetInfo[];
}

export interface VectorStepOptions {
  /**
   * Entry i seeds the reset of environment i if its episode ends in this step. Without it, the current random streams
   * continue.
   */
  readonly seeds?: readonly number[];
}

/** The result of an episode's last step. */
export interface EpisodeEnd<Observation, StepInfo = Info> {
  /** The final observation, from which to bootstrap a truncated episode. */
  readonly observation: Observation;
  readonly info: StepInfo;
}

/** The result of one step of every environment; entry i of each list belongs to environment i. */
export interface VectorStepResult<Observation, StepInfo = Info> {
  /** The observations to act on next. Where an episode has just ended, it is the first one of the next episode. */
  readonly observations: Observation[];
  readonly rewards: Float64Array;
  /** The environments' own rewards, if a wrapper changed any: `StepResult.originalReward`. */
  readonly originalRewards?: Float64Array;
  /** `StepResult.duration` of each step, if any is not 1. */
  readonly durations?: Float64Array;
  readonly terminated: boolean[];
  readonly truncated: boolean[];
  /** The info that belongs to each of `observations`. Where an episode has just ended, it is the reset's info. */
  readonly infos: Partial<StepInfo>[];
  /** The final observation and info where an episode has just ended; null elsewhere. */
  readonly ends: (EpisodeEnd<Observation, StepInfo> | null)[];
}

/**
 * Several environments of one kind that are stepped together. An environment whose episode ends is reset within the
 * same step, with a seed if one is given; `ends` keeps the final observation and info. A transition's `nextObservation`
 * is therefore `ends[i]?.observation ?? observations[i]`. With the same seeds and actions, the results are the same as
 * from stepping the environments one by one, wherever they run.
 *
 * If one environment throws, all are closed, and the promise is rejected with EnvironmentFaultError, which names the
 * environment, its last seed, and the number of the step since that seed.
 */
// biome-ignore lint/suspicious/noExplicitAny: generic code holds environments of any observation and action.
export interface VectorEnvironment<Observation = any, Action = any, StepInfo extends Info = Info> {
  /** The number of environments. */
  readonly count: number;
  /** The observation space of each environment. */
  readonly observationSpace: Space<Observation>;
  /** The action space of each environment. */
  readonly actionSpace: Space<Action>;
  /** Whether the environments keep running statistics, each its own; see `Environment.getStatistics`. */
  readonly keepsStatistics: boolean;
  /** Throws InvalidInputError for a list of seeds of the wrong length. */
  reset(options?: VectorResetOptions): Promise<VectorResetResult<Observation, Partial<StepInfo>>>;
  /**
   * Steps environment i with `actions[i]`. Rejects with InvalidStateError before the first reset, after close, and
   * while another call is running. Rejects with InvalidInputError for a wrong number of actions or seeds and with
   * SpaceMismatchError for an action that does not fit, before any environment is stepped.
   */
  step(
    actions: readonly Action[],
    options?: VectorStepOptions,
  ): Promise<VectorStepResult<Observation, StepInfo>>;
  /** Closes every environment. Calling it again does nothing. */
  close(): Promise<void>;
  /** The complete state of all environments; exists only if each of them has `getState`. */
  getState?(): Promise<Snapshot>;
  setState?(state: Snapshot): Promise<void>;
}

export function isVectorEnvironment(
  environment: Environment | VectorEnvironment,
): environment is VectorEnvironment {
  const { count, keepsStatistics } = (environment ?? {}) as Partial<VectorEnvironment>;
  return Number.isInteger(count) && typeof keepsStatistics === 'boolean';
}
