import type { Metrics } from './agent.js';

/** Result of the evaluation episodes run at one point of training. */
export interface Evaluation {
  readonly step: number;
  /** Of `returns`. */
  readonly returnMean: number;
  /** Population standard deviation of the episodes' returns. */
  readonly returnStd: number;
  readonly episodes: number;
  /** Sums of rewards as the environment's author gives them: `originalReward` of steps where there is one. */
  readonly returns: readonly number[];
  /** Sums of the rewards that the agent learns from, where a wrapper changed them, and their mean. */
  readonly transformedReturns?: readonly number[];
  readonly transformedReturnMean?: number;
  readonly lengths: readonly number[];
  /** Episodes that did not end by themselves within `evalMaxSteps`; absent for none. */
  readonly cutEpisodes?: number;
  /** Episodes that ended because the simulation became unstable (`info.instability`); absent for none. */
  readonly unstableEpisodes?: number;
  /** Of an agent that learns over tasks, whose `returns` are those of each test task's last episode. */
  readonly adaptation?: AdaptationCurves;
}

/** How an agent did on each test task, episode after episode. */
export interface AdaptationCurves {
  /** Episodes at the beginning that were spent exploring. */
  readonly explorationEpisodes: number;
  /** Undiscounted, [tasks][episodes]. */
  readonly returns: readonly (readonly number[])[];
  /** Whether each episode reached the task's aim, 1 or 0, where the family has such an aim. */
  readonly successes?: readonly (readonly number[])[];
}

/** `solved`: the stopping rule on evaluations was met. `interrupted`: stopped from outside after a checkpoint. */
export type RunOutcome = 'completed' | 'solved' | 'interrupted';

/** What a training run reports while it goes on. `step` counts environment steps. */
export type RunEvent =
  | { readonly type: 'start'; readonly step: number; readonly totalSteps: number; readonly resumed: boolean }
  | {
      readonly type: 'progress';
      readonly step: number;
      readonly totalSteps: number;
      readonly updates: number;
      readonly stepsPerSecond: number;
    }
  | {
      readonly type: 'episode';
      readonly step: number;
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
