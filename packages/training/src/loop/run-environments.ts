import type { Environment, Info, Snapshot, Space } from '@maxent/core';

/** The result of a step of one environment. */
export interface EnvironmentStep {
  readonly reward: number;
  readonly originalReward: number | undefined;
  /** Where the episode has ended, its final observation. */
  readonly nextObservation: unknown;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly duration: number | undefined;
  readonly info: Info;
}

/**
 * The seed from which an episode of an environment starts; both are counted from 0. It depends only on the two and on
 * the run's seed.
 */
export type EpisodeSeed = (environment: number, episode: number) => number;

/**
 * The environments in which a run trains, stepped together: a single one, which returns results, or a vector, which
 * returns promises. What they return does not change later.
 */
export interface RunEnvironments extends Pick<Environment, 'getStatistics' | 'setStatistics'> {
  readonly count: number;
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  /** What to act on next, by environment. */
  readonly observations: readonly unknown[];
  /** The complete state; exists only if every environment has one. */
  readonly getState?: () => Snapshot | Promise<Snapshot>;
  readonly setState?: (state: Snapshot) => void | Promise<void>;
  /** The name of an environment in messages. */
  nameOf(environment: number): string;
  /** Begins in each environment the episode of this number. */
  begin(episodes: readonly number[]): void | Promise<void>;
  /** Takes an action in each environment. The environments get copies. */
  step(actions: readonly unknown[]): readonly EnvironmentStep[] | Promise<readonly EnvironmentStep[]>;
  /** Begins the next episode, of this number, in an environment whose last step ended one. */
  beginNext(environment: number, episode: number): void;
  /** Takes over from a checkpoint the observations to act on next, within or before the episodes of these numbers. */
  continueFrom(observations: readonly unknown[], episodes: readonly number[]): void;
  /**
   * The error to report when the agent throws. If it refuses what this environment returned, that is an
   * EnvironmentFaultError; other errors are returned unchanged. `where` names the step.
   */
  refusal(error: unknown, environment: number, where: string): unknown;
}
