import {
  type Agent,
  type Environment,
  type Evaluation,
  InvalidInputError,
  type RunListener,
  type RunOutcome,
} from '@maxent/core';
import type { EvaluationResult } from '../evaluate.js';
import type { RunStorage } from '../run-storage.js';
import type { Watch } from './watch.js';

export interface EvaluationSchedule {
  /** Environment steps between evaluations; there is always one at the last step. */
  readonly every: number;
  readonly episodes: number;
  /** Ends the run once this many evaluations in a row have a mean return of at least this much. */
  readonly stopWhen?: { readonly returnAtLeast: number; readonly consecutive: number };
}

/** Evaluates the agent as it is now and leaves it, and everything else that training goes on with, undisturbed. */
export type Evaluator = (request: {
  /** Decides all that is random about it. */
  readonly seed: number;
  /** Stops the evaluation; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}) => Promise<EvaluationResult>;

export interface TrainOptions extends Pick<Watch, 'check'> {
  readonly agent: Agent;
  readonly environment: Environment;
  /** Another instance of the same environment: evaluation must not end the episode that training is in. */
  readonly evaluationEnvironment?: Environment;
  /** Takes the place of episodes in `evaluationEnvironment`; one of the two is given. */
  readonly evaluator?: Evaluator;
  /** Environment steps in all, earlier sessions included; more than before lengthen a run. */
  readonly steps: number;
  /** Decides how training and evaluation episodes start. */
  readonly seed: number;
  readonly evaluation: EvaluationSchedule;
  /**
   * Steps after which an evaluation episode is cut off. Default: the environment's `maxEpisodeSteps`; without
   * one, 10,000.
   */
  readonly evalMaxSteps?: number | undefined;
  /** Environment steps between metrics rows; there is always one at the last step. */
  readonly logEvery: number;
  /** Environment steps between checkpoints; there is always one at the end, also of an interrupted run. */
  readonly checkpointEvery: number;
  readonly storage?: RunStorage;
  /** Continue from the storage's latest checkpoint, or from the beginning when it has none. */
  readonly resume?: boolean;
  readonly listeners?: readonly RunListener[];
  /**
   * Stops the run after a checkpoint, with outcome `interrupted`. Where that must wait for the end of an episode,
   * because the environment has no `getState`, the episode is cut off after two seconds.
   */
  readonly signal?: AbortSignal;
}

export interface TrainResult {
  readonly steps: number;
  /** Gradient steps. */
  readonly updates: number;
  /** Environment steps per second of this session, evaluations and checkpoints included. */
  readonly stepsPerSecond: number;
  /** All evaluations of the run, earlier sessions included. */
  readonly evaluations: readonly Evaluation[];
  readonly outcome: RunOutcome;
}

/** Throws InvalidInputError naming the option at fault. */
export function validateTrainOptions(options: TrainOptions): void {
  const { evaluation } = options;
  assertCount('steps', options.steps);
  assertCount('evaluation.every', evaluation.every);
  assertCount('evaluation.episodes', evaluation.episodes);
  if (options.evalMaxSteps !== undefined) assertCount('evalMaxSteps', options.evalMaxSteps);
  assertCount('logEvery', options.logEvery);
  assertCount('checkpointEvery', options.checkpointEvery);
  if (evaluation.stopWhen !== undefined) {
    assertCount('evaluation.stopWhen.consecutive', evaluation.stopWhen.consecutive);
    if (!Number.isFinite(evaluation.stopWhen.returnAtLeast)) {
      throw new InvalidInputError(
        'evaluation.stopWhen.returnAtLeast',
        `expected a finite number, got ${evaluation.stopWhen.returnAtLeast}`,
      );
    }
  }
  if (options.environment === options.evaluationEnvironment) {
    throw new InvalidInputError('evaluationEnvironment', 'expected another instance than environment');
  }
  if ((options.evaluationEnvironment === undefined) === (options.evaluator === undefined)) {
    throw new InvalidInputError('evaluationEnvironment', 'expected it or an evaluator, and not both');
  }
  if (options.resume === true && options.storage === undefined) {
    throw new InvalidInputError('resume', 'there is nothing to resume from without a storage');
  }
}

function assertCount(field: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InvalidInputError(field, `expected an integer of at least 1, got ${String(value)}`);
  }
}
