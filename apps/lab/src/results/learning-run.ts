import { type Evaluation, InvalidInputError } from '@maxent/core';
import { mean } from '../statistics.js';

/** What two runs must share to be compared. */
export interface Protocol {
  readonly environment: string;
  readonly steps: number;
  readonly evaluateEvery: number;
  readonly episodes: number;
  readonly hyperparameters: Readonly<Record<string, number | readonly number[]>>;
}

/** One seed of one side. */
export interface LearningRun {
  /** Where it was read from. */
  readonly directory: string;
  readonly seed: number;
  readonly protocol: Protocol;
  readonly evaluations: readonly Evaluation[];
}

/** Evaluations at the end of a run that make up its score. */
const SCORED_EVALUATIONS = 3;

type Evaluated = Pick<LearningRun, 'evaluations'>;

/** The last three. */
export function scoredEvaluations({ evaluations }: Evaluated): readonly Evaluation[] {
  return evaluations.slice(-SCORED_EVALUATIONS);
}

/** Mean of the mean returns of the last three evaluations. */
export function scoreOf(run: Evaluated): number {
  return mean(scoredEvaluations(run).map(({ returnMean }) => returnMean));
}

interface Scheduled extends Pick<LearningRun, 'directory' | 'evaluations'> {
  readonly protocol: Pick<Protocol, 'steps' | 'evaluateEvery' | 'episodes'>;
}

/**
 * Throws InvalidInputError, with the directory as field, unless every evaluation of the protocol is there, that of a last
 * step between two intervals too.
 */
export function assertComplete({ directory, protocol, evaluations }: Scheduled): void {
  const { steps, evaluateEvery, episodes } = protocol;
  const due = Array.from({ length: Math.ceil(steps / evaluateEvery) }, (_, i) =>
    Math.min((i + 1) * evaluateEvery, steps),
  );
  const found = evaluations.map(({ step }) => step);
  if (due.length < SCORED_EVALUATIONS || found.join() !== due.join()) {
    throw new InvalidInputError(
      directory,
      `expected evaluations at every ${evaluateEvery} steps up to ${steps}, at least ${SCORED_EVALUATIONS}; got ${found.join(', ') || 'none'}`,
    );
  }
  const short = evaluations.find(({ returns }) => returns.length !== episodes);
  if (short !== undefined) {
    throw new InvalidInputError(
      directory,
      `expected ${episodes} episodes in the evaluation at step ${short.step}, got ${short.returns.length}`,
    );
  }
}
