import type { Metrics } from './agent.js';

/** The result of the evaluation episodes at one point in training. */
export interface Evaluation {
  readonly step: number;
  /** The mean of `returns`. */
  readonly returnMean: number;
  /** The population standard deviation of `returns`. */
  readonly returnStd: number;
  readonly episodes: number;
  /** Sums of the environment's own rewards: `originalReward` for steps that have it. */
  readonly returns: readonly number[];
  /** Sums of the rewards that the agent learns from, if a wrapper changed them, and their mean. */
  readonly transformedReturns?: readonly number[];
  readonly transformedReturnMean?: number;
  readonly lengths: readonly number[];
  /** How many episodes did not end by themselves within `evalMaxSteps`; absent if none. */
  readonly cutEpisodes?: number;
  /** How many episodes ended because the simulation became unstable (`info.instability`); absent if none. */
  readonly unstableEpisodes?: number;
  /** For an agent that learns over tasks; `returns` then holds the return of each test task's last episode. */
  readonly adaptation?: AdaptationCurves;
}

/** How an agent did on each test task, episode after episode. */
export interface AdaptationCurves {
  /** How many episodes at the beginning were spent exploring. */
  readonly explorationEpisodes: number;
  /** Undiscounted returns, [tasks][episodes]. */
  readonly returns: readonly (readonly number[])[];
  /** 1 for each episode that reached the task's goal and 0 for the others, if the family defines a goal. */
  readonly successes?: readonly (readonly number[])[];
}

/** `solved`: evaluations met the stopping rule. `interrupted`: stopped from outside, after a checkpoint. */
export type RunOutcome = 'completed' | 'solved' | 'interrupted';

/** What a training run reports while it runs. `step` counts environment steps. */
export type RunEvent =
  | { readonly type: 'start'; readonly step: number; readonly totalSteps: number; readonly resumed: boolean }
  | {
      readonly type: 'progress';
      readonly step: number;
      readonly totalSteps: number;
      readonly updates: number;
      /** Of the last seconds, evaluations apart. */
      readonly stepsPerSecond: number;
      /** An estimate with evaluations; absent before the pace of steps with learning is known. */
      readonly secondsLeft?: number;
    }
  | {
      readonly type: 'episode';
      readonly step: number;
      /** Which of several environments it ran in, counted from 0; absent if the run has one. */
      readonly environment?: number;
      readonly return: number;
      readonly transformedReturn?: number;
      readonly length: number;
      readonly terminated: boolean;
    }
  | { readonly type: 'metrics'; readonly step: number; readonly updates: number; readonly values: Metrics }
  | { readonly type: 'evaluation'; readonly evaluation: Evaluation }
  | { readonly type: 'checkpoint'; readonly step: number }
  | { readonly type: 'warning'; readonly step: number; readonly message: string }
  | { readonly type: 'end'; readonly step: number; readonly updates: number; readonly outcome: RunOutcome };

export type RunListener = (event: RunEvent) => void;
