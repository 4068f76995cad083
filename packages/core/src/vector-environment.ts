import type { Info } from './environment.js';
import type { Snapshot } from './snapshot.js';
import type { Space } from './spaces/space.js';

export interface VectorResetOptions {
  /**
   * Reseeds the environments: environment i with `seed + i`, or with entry i of a list. Without it the streams of the
   * last seeds go on; before any seed was given, a reset is one with seed 0.
   */
  readonly seed?: number | readonly number[];
}

export interface VectorResetResult<Observation, ResetInfo = Info> {
  /** One per environment. */
  readonly observations: Observation[];
  readonly infos: ResetInfo[];
}

/** What the last step of an episode gave. */
export interface EpisodeEnd<Observation, StepInfo = Info> {
  /** The final observation, from which a truncated episode is bootstrapped. */
  readonly observation: Observation;
  readonly info: StepInfo;
}

/** What one step of every environment gave; entry i of each list belongs to environment i. */
export interface VectorStepResult<Observation, StepInfo = Info> {
  /** The observation to act on next: where an episode has just ended, the first one of the next episode. */
  readonly observations: Observation[];
  readonly rewards: Float64Array;
  /** Rewards as the author of each environment gives them, where a wrapper changed any: `StepResult.originalReward`. */
  readonly originalRewards?: Float64Array;
  readonly terminated: boolean[];
  readonly truncated: boolean[];
  /** Belongs to `observations`: where an episode has just ended, the info of the reset. */
  readonly infos: Partial<StepInfo>[];
  /** Where an episode has just ended, its final observation and info; null elsewhere. */
  readonly ends: (EpisodeEnd<Observation, StepInfo> | null)[];
}

/**
 * Several environments of one kind that are stepped together. An environment whose episode ends is reset within the
 * same step, without a seed; `ends` keeps what the step gave. The same seeds and actions give the same results as the
 * same environments one by one, whatever does the work. A transition's `nextObservation` is therefore
 * `ends[i]?.observation ?? observations[i]`.
 *
 * An environment that throws ends them all: they are closed, and the promise is rejected with EnvironmentFaultError,
 * which names the environment, its last seed, and the number of the step since that seed.
 */
// biome-ignore lint/suspicious/noExplicitAny: generic code holds environments of any observation and action.
export interface VectorEnvironment<Observation = any, Action = any, StepInfo extends Info = Info> {
  /** Number of environments. */
  readonly count: number;
  /** Of each single environment. */
  readonly observationSpace: Space<Observation>;
  /** Of each single environment. */
  readonly actionSpace: Space<Action>;
  /** Throws InvalidInputError for a list of seeds of another length. */
  reset(options?: VectorResetOptions): Promise<VectorResetResult<Observation, Partial<StepInfo>>>;
  /**
   * Steps environment i with `actions[i]`. Rejected with InvalidStateError before the first reset, after close, and
   * while another call is being answered; with InvalidInputError for another number of actions and SpaceMismatchError
   * for an action that does not fit, before any environment has moved.
   */
  step(actions: readonly Action[]): Promise<VectorStepResult<Observation, StepInfo>>;
  /** Closes every environment. Calling it again does nothing. */
  close(): Promise<void>;
  /** The complete state of all environments; exists where each of them offers it. */
  getState?(): Promise<Snapshot>;
  setState?(state: Snapshot): Promise<void>;
}
