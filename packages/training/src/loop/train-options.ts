import {
  type Agent,
  type Environment,
  type Evaluation,
  InvalidInputError,
  isVectorEnvironment,
  type RunListener,
  type RunOutcome,
  type VectorEnvironment,
} from '@maxent/core';
import type { Arithmetic } from '../arithmetic.js';
import type { EvaluationResult } from '../evaluate.js';
import type { RunStorage } from '../run-storage.js';
import { requireTrainable } from './several-environments.js';
import type { Watch } from './watch.js';

export interface EvaluationSchedule {
  /** Environment steps between evaluations; there is always one at the last step. */
  readonly every: number;
  readonly episodes: number;
  /** Ends the run once this many evaluations in a row have a mean return of at least this much. */
  readonly stopWhen?: { readonly returnAtLeast: number; readonly consecutive: number };
}

/** Evaluates the current agent without changing it or anything else that training continues with. */
export type Evaluator = (request: {
  /** Determines everything random about the evaluation. */
  readonly seed: number;
  /** Stops the evaluation; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}) => Promise<EvaluationResult>;

export interface TrainOptions extends Pick<Watch, 'check'> {
  /** With several environments, one that can learn from them: see `AgentDefinition.severalEnvironments`. */
  readonly agent: Agent;
  /**
   * With a storage, a vector needs `getState`. Its environments may not keep running statistics (`keepsStatistics`).
   */
  readonly environment: Environment | VectorEnvironment;
  /** Another instance of the same single environment: evaluation must not end the current training episode. */
  readonly evaluationEnvironment?: Environment;
  /** Replaces episodes in `evaluationEnvironment`; exactly one of the two is given. */
  readonly evaluator?: Evaluator;
  /** Total environment steps, including earlier sessions; a larger number than before lengthens a run. */
  readonly steps: number;
  /** Determines how training and evaluation episodes start. */
  readonly seed: number;
  readonly evaluation: EvaluationSchedule;
  /**
   * Steps after which an evaluation episode is cut off. Default: the environment's `maxEpisodeSteps`; without
   * one, 10,000.
   */
  readonly evalMaxSteps?: number | undefined;
  /** Environment steps between metrics rows; there is always one at the last step. */
  readonly logEvery: number;
  /** Environment steps between checkpoints; there is always one at the end, even of an interrupted run. */
  readonly checkpointEvery: number;
  readonly storage?: RunStorage;
  /** Continue from the storage's latest checkpoint, or from the beginning if it has none. */
  readonly resume?: boolean;
  /**
   * Called, before the first action, if the run starts at its beginning and not from a checkpoint: for an agent that goes on
   * from what another one has learned.
   */
  readonly prepare?: () => void | Promise<void>;
  /**
   * The kernels that compute, which every checkpoint records. A run resumed from a checkpoint with another rounding says
   * so before its first step, in a warning and in a row of type `warning`.
   */
  readonly arithmetic?: Arithmetic;
  /** The kernels of a checkpoint that does not record them, as those of earlier versions do not. */
  readonly earlierArithmetic?: Arithmetic;
  readonly listeners?: readonly RunListener[];
  /**
   * Stops the run after a checkpoint, with outcome `interrupted`. If that must wait for the end of an episode, because
   * the environment has no `getState`, the episode is cut off after two seconds.
   */
  readonly signal?: AbortSignal;
}

export interface TrainResult {
  readonly steps: number;
  /** Gradient steps. */
  readonly updates: number;
  /** Environment steps per second in this session, including evaluations and checkpoints. */
  readonly stepsPerSecond: number;
  /** All evaluations of the run, including earlier sessions. */
  readonly evaluations: readonly Evaluation[];
  readonly outcome: RunOutcome;
}

/** Throws InvalidInputError, which names the option at fault. */
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
  if (isVectorEnvironment(options.environment)) {
    requireTrainable('environment', options.environment, options.storage !== undefined);
  }
  if (options.environment === options.evaluationEnvironment) {
    throw new InvalidInputError('evaluationEnvironment', 'expected a different instance from environment');
  }
  if ((options.evaluationEnvironment === undefined) === (options.evaluator === undefined)) {
    throw new InvalidInputError('evaluationEnvironment', 'expected either this or an evaluator, not both');
  }
  if (options.resume === true && options.storage === undefined) {
    throw new InvalidInputError(
      'resume',
      'there is nothing to resume from without a storage; pass storage too',
    );
  }
}

function assertCount(field: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InvalidInputError(field, `expected an integer of at least 1, got ${String(value)}`);
  }
}
