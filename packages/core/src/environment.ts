import type { Snapshot } from './snapshot.js';
import type { Space } from './spaces/space.js';

/** Anything an environment wants to report besides the observation: reward terms, positions, episode statistics. */
export type Info = Readonly<Record<string, unknown>>;

export interface ResetOptions {
  /**
   * Reseeds the environment's own random numbers. Without it, the stream of the last seed goes on; before any seed
   * was given, that of seed 0.
   */
  readonly seed?: number;
}

export interface ResetResult<Observation, ResetInfo = Info> {
  readonly observation: Observation;
  readonly info: ResetInfo;
}

export interface StepResult<Observation, StepInfo = Info> {
  readonly observation: Observation;
  readonly reward: number;
  /**
   * The reward as the environment's author gives it, where a wrapper changed `reward` for the learner's sake, such as by
   * a scale; absent where `reward` is the author's. Wrappers that change rewards keep an inner one or set it, the
   * others pass it on. Returns in evaluations and reports are sums of it. A reward that defines a task, as those of a
   * task family, is an author's.
   */
  readonly originalReward?: number;
  /** The task itself ended: no value follows this state. The only flag that stops bootstrapping. */
  readonly terminated: boolean;
  /** The episode was cut short from outside (a time limit): the state still has a value. */
  readonly truncated: boolean;
  /**
   * Steps of the underlying process that this one stood for, where the action is held for several of them; 1 if
   * absent. `reward` is then their discounted sum, and the state after it is discount^duration as far away.
   */
  readonly duration?: number;
  readonly info: StepInfo;
}

/**
 * A Markov decision process to act in, with Gymnasium's meaning. Synchronous once made; make it with a factory when
 * loading takes a promise. Observations belong to the caller: the environment never writes into one it gave away.
 *
 * `StepInfo` is the type of `info` after a step; a reset reports some of it. Write it as a type, not as an interface:
 * only a type alias is known to have no other keys.
 */
// biome-ignore lint/suspicious/noExplicitAny: generic code holds environments of any observation and action.
export interface Environment<Observation = any, Action = any, StepInfo extends Info = Info> {
  readonly observationSpace: Space<Observation>;
  readonly actionSpace: Space<Action>;
  /** The most steps that an episode takes, where there is such a limit. */
  readonly maxEpisodeSteps?: number;
  reset(options?: ResetOptions): ResetResult<Observation, Partial<StepInfo>>;
  /**
   * Throws InvalidStateError before the first reset, after an episode's end, and after close; SpaceMismatchError for
   * an action of another kind or length than the action space's, or with a NaN. Entries beyond a Box's bounds are
   * taken as Gymnasium's environments take them: clipped, though a reward may look at them before that.
   */
  step(action: Action): StepResult<Observation, StepInfo>;
  /** Releases everything held outside JavaScript's heap. Calling it again does nothing. */
  close(): void;
  /** A picture of the current state, in a form that the environment documents. */
  render?(): unknown;
  /** The observation of the current state, for whoever has just set it. */
  observe?(): Observation;
  /** The complete state, random numbers included: `setState` continues with bit-identical numbers. */
  getState?(): Snapshot;
  setState?(state: Snapshot): void;
  /**
   * Running statistics by which a wrapper changes observations or rewards, and which outlive episodes: those of this
   * environment and, for a wrapper, of all inside. Exists only where there are any, and with `setStatistics`; a wrapper
   * without statistics of its own forwards both, as `EnvironmentWrapper` of `@maxent/envs` does. Whoever trains keeps
   * them with the checkpoint and gives them, frozen, to every environment that judges the policy.
   */
  getStatistics?(): Snapshot;
  /**
   * Takes the place of the statistics with those of an environment built in the same way; `frozen`, from now on only
   * reads them. Throws SnapshotMismatchError when they do not fit.
   */
  setStatistics?(statistics: Snapshot, options?: StatisticsOptions): void;
}

/** The type of an environment's observations. */
export type ObservationOf<Env extends Environment> = ReturnType<Env['reset']>['observation'];

/** The type of what an environment's `step` takes. */
export type ActionOf<Env extends Environment> = Parameters<Env['step']>[0];

/** The type of what an environment's steps report besides the observation. */
export type StepInfoOf<Env extends Environment> = ReturnType<Env['step']>['info'];

/** The contract with the types of an environment and its spaces, without what else its class has. */
export type EnvironmentLike<Env extends Environment> = Environment<
  ObservationOf<Env>,
  ActionOf<Env>,
  StepInfoOf<Env>
> &
  Pick<Env, 'observationSpace' | 'actionSpace'>;

export interface StatisticsOptions {
  /** Later observations and rewards leave the statistics as they are. Default false. */
  readonly frozen?: boolean;
}
