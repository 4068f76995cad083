import type { Info } from './environment.js';
import type { PolicyDescription } from './policy-description.js';
import type { Rng } from './random/rng.js';
import type { Snapshot } from './snapshot.js';

/** Draws or computes actions; the part of an agent that is needed once learning is over. */
// biome-ignore lint/suspicious/noExplicitAny: generic code holds policies of any observation and action.
export interface Policy<Observation = any, Action = any> {
  /**
   * The action for one observation. For a Box, any flat list of numbers of its size will do, a plain array too; anything
   * without the space's form, or not finite, is a SpaceMismatchError that begins with `act: observation`. Nothing is
   * read beyond what was given, and nothing is changed by a refusal.
   */
  act(observation: Observation, options: ActOptions): Action;
}

export interface ActOptions {
  /** The policy's mode or mean instead of a sample. Never draws random numbers. */
  readonly deterministic: boolean;
  /** Source of randomness in place of the agent's own, so that evaluation leaves training undisturbed. */
  readonly rng?: Rng;
}

/** One step of experience. After an episode's last step, `nextObservation` is the final one, not the reset one. */
// biome-ignore lint/suspicious/noExplicitAny: generic code holds transitions of any observation and action.
export interface Transition<Observation = any, Action = any> {
  readonly observation: Observation;
  readonly action: Action;
  readonly reward: number;
  readonly nextObservation: Observation;
  readonly terminated: boolean;
  readonly truncated: boolean;
  /** As in `StepResult`; 1 if absent. */
  readonly duration?: number;
  /** What the step reported besides it. */
  readonly info?: Info;
}

export type Metrics = Readonly<Record<string, number>>;

export interface UpdateResult {
  /** Gradient steps taken by this call; 0 while the agent is still collecting. */
  readonly gradientSteps: number;
  /** Losses and statistics of the last gradient step. Reading them may copy from the device: call when logging. */
  metrics(): Metrics;
}

/**
 * A learner and its policy. A driver calls `act`, `observe`, `update` once per environment step; the agent decides
 * by its configuration when to explore at random, when to start learning and how many gradient steps are due.
 */
// biome-ignore lint/suspicious/noExplicitAny: generic code holds agents of any observation and action.
export interface Agent<Observation = any, Action = any> extends Policy<Observation, Action> {
  /**
   * Takes one step of experience; whatever is kept of it is copied. Throws SpaceMismatchError for an observation or
   * action that does not fit its space, InvalidInputError for a reward, flag or duration that is not one, each beginning
   * with its door, such as `observe: nextObservation`. A refused transition leaves the agent as it was.
   */
  observe(transition: Transition<Observation, Action>): void;
  update(): UpdateResult;
  /** The complete state: weights, optimizer moments, temperature, step counters, random numbers, replay. */
  save(): Snapshot;
  /** Continues from `save()` with bit-identical numbers. Throws SnapshotMismatchError when it does not fit. */
  load(snapshot: Snapshot): void;
  /**
   * The policy as it is now, as data that shares no memory with the agent: what `@maxent/policy` acts by, writes to a
   * file and exports. Every built-in agent has it; one without cannot be exported.
   */
  describePolicy?(): PolicyDescription;
  /** Releases the backend's memory. The agent cannot be used afterwards. */
  dispose(): void;
}
