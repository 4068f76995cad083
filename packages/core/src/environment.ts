import type { Snapshot } from './snapshot.js';
import type { Space } from './spaces/space.js';

/** Whatever else an environment reports: reward terms, positions, episode statistics. */
export type Info = Readonly<Record<string, unknown>>;

export interface ResetOptions {
  /**
   * Reseeds the environment's own random numbers. Without a seed, the current random stream continues; if no seed was
   * ever given, it starts from seed 0.
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
   * The environment's own reward, where a wrapper changed `reward` to help the learner, for example by scaling it;
   * absent if `reward` is unchanged. A wrapper that changes rewards sets it unless an inner wrapper already has; other
   * wrappers pass it on. Evaluations and reports sum it. A reward that defines a task, as in a task family, counts as
   * the environment's own.
   */
  readonly originalReward?: number;
  /** The task itself ended: no value follows this state. Only this flag stops bootstrapping. */
  readonly terminated: boolean;
  /** The episode was cut short from outside (a time limit): the state still has a value. */
  readonly truncated: boolean;
  /**
   * How many steps of the underlying process this step took, if the action is held for several; 1 if absent. `reward`
   * is then their discounted sum, and the value of the next state is discounted by discount^duration.
   */
  readonly duration?: number;
  readonly info: StepInfo;
}

/** A place that a wrapper gave a meaning which the environment inside does not know, to be drawn by the latter. */
export interface GoalMark {
  readonly at: readonly [x: number, y: number];
  /** The distance within which the goal counts as reached. */
  readonly radius: number;
}

export interface RenderOptions {
  /** Goals to mark, in the environment's own coordinates. */
  readonly goals?: readonly GoalMark[] | undefined;
}

/**
 * A Markov decision process to act in, with Gymnasium's meaning. It is synchronous once made; if loading is
 * asynchronous, make it with a factory. Observations belong to the caller: the environment never writes into one that
 * it has returned.
 *
 * `StepInfo` is the type of `info` after a step; a reset reports part of it. Write it as a type alias, not an
 * interface: TypeScript assumes that an interface may have further keys.
 */
// biome-ignore lint/suspicious/noExplicitAny: generic code holds environments of any observation and action.
export interface Environment<Observation = any, Action = any, StepInfo extends Info = Info> {
  readonly observationSpace: Space<Observation>;
  readonly actionSpace: Space<Action>;
  /** The maximum number of steps per episode, if there is one. */
  readonly maxEpisodeSteps?: number;
  reset(options?: ResetOptions): ResetResult<Observation, Partial<StepInfo>>;
  /**
   * Throws InvalidStateError before the first reset, after an episode's end, and after close; throws SpaceMismatchError
   * for an action whose kind or length does not fit the action space, or with a NaN. As in Gymnasium's environments,
   * entries beyond a Box's bounds are clipped, though a reward may read them before that.
   */
  step(action: Action): StepResult<Observation, StepInfo>;
  /** Releases everything held outside JavaScript's heap. Calling it again does nothing. */
  close(): void;
  /**
   * A picture of the current state as the text of an SVG document, the same in reports, pages and a terminal's files.
   * It must be well formed and need nothing from outside, and drawing it must change nothing. It may be drawn at any
   * time after the first reset. A promise leaves room to load the code that draws, and shows the state of the call.
   */
  render?(options?: RenderOptions): string | Promise<string>;
  /** The observation of the current state, for use after `setState`. */
  observe?(): Observation;
  /** The complete state, random numbers included: `setState` continues with bit-identical numbers. */
  getState?(): Snapshot;
  setState?(state: Snapshot): void;
  /**
   * Running statistics that a wrapper uses to change observations or rewards, and that outlive episodes. They cover
   * this environment and everything it wraps. The method exists only if there are statistics, and always together with
   * `setStatistics`; a wrapper without its own statistics forwards both, as `EnvironmentWrapper` of `@maxent/envs`
   * does. The training loop stores them with the checkpoint and sets them, frozen, in every environment that evaluates
   * the policy.
   */
  getStatistics?(): Snapshot;
  /**
   * Replaces the statistics with the ones from an environment built in the same way. With `frozen`, they no longer
   * change. Throws SnapshotMismatchError when they do not fit.
   */
  setStatistics?(statistics: Snapshot, options?: StatisticsOptions): void;
}

/** The type of an environment's observations. */
export type ObservationOf<Env extends Environment> = ReturnType<Env['reset']>['observation'];

/** The type of an environment's actions. */
export type ActionOf<Env extends Environment> = Parameters<Env['step']>[0];

/** The type of `info` after an environment's step. */
export type StepInfoOf<Env extends Environment> = ReturnType<Env['step']>['info'];

/** The contract, with the types of an environment and its spaces but without anything else its class has. */
export type EnvironmentLike<Env extends Environment> = Environment<
  ObservationOf<Env>,
  ActionOf<Env>,
  StepInfoOf<Env>
> &
  Pick<Env, 'observationSpace' | 'actionSpace'>;

export interface StatisticsOptions {
  /** Whether later observations and rewards leave the statistics unchanged. Default false. */
  readonly frozen?: boolean;
}
