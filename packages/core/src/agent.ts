import type { Info } from './environment.js';
import type { PolicyDescription } from './policy-description.js';
import type { Rng } from './random/rng.js';
import type { Snapshot } from './snapshot.js';

/** Draws or computes actions: the part of an agent that you still need once learning is over. */
// biome-ignore lint/suspicious/noExplicitAny: generic code holds policies of any observation and action.
export interface Policy<Observation = any, Action = any> {
  /**
   * The action for one observation. For a Box, any flat list of numbers of its size will do, even a plain array. Throws
   * SpaceMismatchError, which begins with `act: observation`, for anything that does not have the space's form or is
   * not finite. Refusing an observation changes nothing.
   */
  act(observation: Observation, options: ActOptions): Action;
}

export interface ActOptions {
  /** The policy's mode or mean instead of a sample. Never draws random numbers. */
  readonly deterministic: boolean;
  /** Random numbers to use instead of the agent's own, so that evaluation does not disturb training. */
  readonly rng?: Rng;
  /**
   * Which of several environments the observation comes from, counted from 0; 0 if absent. An agent draws for each
   * environment from a random stream of its own, so that what one environment draws does not depend on the others. An
   * agent whose definition does not say `severalEnvironments` is never given another environment than 0.
   */
  readonly environment?: number;
}

/**
 * One step of experience. After an episode's last step, `nextObservation` is its final observation, before the reset.
 */
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
  /** The info that the step returned. */
  readonly info?: Info;
  /**
   * Which of several environments took the step, as in `ActOptions`. What an agent carries from one transition to the
   * next, such as rewards of an episode so far, it keeps for each environment.
   */
  readonly environment?: number;
}

export type Metrics = Readonly<Record<string, number>>;

export interface UpdateResult {
  /** How many gradient steps this call took; 0 while the agent is still collecting. */
  readonly gradientSteps: number;
  /** Losses and statistics of the last gradient step. Reading them may copy from the device: call it only to log. */
  metrics(): Metrics;
}

/**
 * A learner and its policy. A driver calls `act`, `observe` and `update` once per environment step; with several
 * environments, it calls `act` for each of them, and then `observe` and `update` for each of them. The agent's
 * configuration decides when it explores at random, when it starts learning and how many gradient steps it takes.
 */
// biome-ignore lint/suspicious/noExplicitAny: generic code holds agents of any observation and action.
export interface Agent<Observation = any, Action = any> extends Policy<Observation, Action> {
  /**
   * Takes one step of experience and copies what it keeps. Throws SpaceMismatchError for an observation or action that
   * does not fit its space, and InvalidInputError for an invalid reward, flag, duration or environment. The message
   * begins with the call and the field, such as `observe: nextObservation`. A refused transition leaves the agent
   * unchanged.
   */
  observe(transition: Transition<Observation, Action>): void;
  update(): UpdateResult;
  /** The complete state: weights, optimizer moments, temperature, step counters, random numbers, replay. */
  save(): Snapshot;
  /** Continues from `save()` with bit-identical numbers. Throws SnapshotMismatchError when it does not fit. */
  load(snapshot: Snapshot): void;
  /**
   * Q(s, a), what the agent expects of an action and its policy after it, in units of the rewards it learns from. An agent
   * without critics or a table does not have this method. Throws SpaceMismatchError as `act` and `observe` do. Asking
   * changes nothing.
   */
  actionValue?(observation: Observation, action: Action): number;
  /**
   * The current policy, as data that shares no memory with the agent. `@maxent/policy` acts with it, writes it to a
   * file and exports it. Every built-in agent has this method; an agent without it cannot be exported.
   */
  describePolicy?(): PolicyDescription;
  /** Releases the backend's memory. The agent cannot be used afterwards. */
  dispose(): void;
}
