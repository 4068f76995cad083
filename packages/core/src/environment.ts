import type { Snapshot } from './snapshot.js';
import type { Space } from './spaces/space.js';

/** Anything an environment wants to report beside the observation: reward terms, positions, episode statistics. */
export type Info = Readonly<Record<string, unknown>>;

export interface ResetOptions {
  /**
   * Reseeds the environment's own random numbers. Without it, the stream of the last seed goes on; before any seed
   * was given, that of seed 0.
   */
  readonly seed?: number;
}

export interface ResetResult<Observation> {
  readonly observation: Observation;
  readonly info: Info;
}

export interface StepResult<Observation> {
  readonly observation: Observation;
  readonly reward: number;
  /** The task itself ended: no value follows this state. The only flag that stops bootstrapping. */
  readonly terminated: boolean;
  /** The episode was cut short from outside (a time limit): the state still has a value. */
  readonly truncated: boolean;
  /**
   * Steps of the underlying process that this one stood for, where the action is held for several of them; 1 if
   * absent. `reward` is then their discounted sum, and the state after it is discount^duration as far away.
   */
  readonly duration?: number;
  readonly info: Info;
}

/**
 * A Markov decision process to act in, with Gymnasium's meaning. Synchronous once made; make it with a factory when
 * loading takes a promise. Observations belong to the caller: the environment never writes into one it gave away.
 */
// biome-ignore lint/suspicious/noExplicitAny: generic code holds environments of any observation and action.
export interface Environment<Observation = any, Action = any> {
  readonly observationSpace: Space<Observation>;
  readonly actionSpace: Space<Action>;
  reset(options?: ResetOptions): ResetResult<Observation>;
  /**
   * Throws InvalidStateError before the first reset, after an episode's end, and after close; SpaceMismatchError for
   * an action of another kind or length than the action space's, or with a NaN. Entries beyond a Box's bounds are
   * taken as Gymnasium's environments take them: clipped, though a reward may look at them before that.
   */
  step(action: Action): StepResult<Observation>;
  /** Releases everything held outside JavaScript's heap. Calling it again does nothing. */
  close(): void;
  /** A picture of the current state, in a form that the environment documents. */
  render?(): unknown;
  /** The observation of the current state, for whoever has just set it. */
  observe?(): Observation;
  /** The complete state, random numbers included: `setState` continues with bit-identical numbers. */
  getState?(): Snapshot;
  setState?(state: Snapshot): void;
}
