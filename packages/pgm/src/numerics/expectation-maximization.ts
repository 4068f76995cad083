import { requireCount } from '@maxent/core';
import { requireAtLeastZero } from './require-at-least-zero.js';

export interface FitOptions {
  /** 100 unless given. */
  readonly maxIterations?: number;
  /** Stops when an iteration raises the log-likelihood by less than this per observation time; 1e-6 unless given. */
  readonly tolerance?: number;
}

/**
 * Why expectation-maximization stopped: an iteration gained less than the tolerance, the iterations ran out, or an
 * iteration lowered the likelihood by more than rounding, or made it infinite or impossible to compute. The last two
 * happen where parameters collapse, as variances do on data without noise; that iteration is not taken.
 */
export type FitEnd = 'tolerance' | 'iterations' | 'fall' | 'collapse';

/** What expectation-maximization ends with. */
export interface Fit<Model> {
  /** The model of the highest likelihood that was reached. */
  readonly model: Model;
  /** Of the model after 0, 1, 2, ... iterations; it never falls. The last is that of `model`. */
  readonly logLikelihoods: Float64Array;
  /** Whether the tolerance was met before the iterations ran out: `stopped` is 'tolerance'. */
  readonly converged: boolean;
  readonly stopped: FitEnd;
  /** The same in a sentence, with numbers. */
  readonly reason: string;
}

/** Expected statistics of the data under one model. */
export interface Expectation<Model> {
  /** Of that model; -Infinity when the data are impossible under it. */
  readonly logLikelihood: number;
  /** The model that maximizes the likelihood under them. */
  maximize(): Model;
}

/** By what share of its size rounding may lower a log-likelihood. */
const ROUNDING = 1e-11;

/**
 * Iterates `expect` and its `maximize` from `start` on, as long as the likelihood rises; `times` is the number of
 * observation times that the data hold. Throws InvalidInputError for options that do not fit.
 */
export function maximizeExpectations<Model>(
  start: Model,
  expect: (model: Model) => Expectation<Model>,
  times: number,
  { maxIterations = 100, tolerance = 1e-6 }: FitOptions,
): Fit<Model> {
  requireCount('maxIterations', maxIterations);
  requireAtLeastZero('tolerance', tolerance);
  let model = start;
  let expectation = expect(model);
  const logLikelihoods = [expectation.logLikelihood];
  const end = (stopped: FitEnd, reason: string): Fit<Model> => ({
    model,
    logLikelihoods: Float64Array.from(logLikelihoods),
    converged: stopped === 'tolerance',
    stopped,
    reason,
  });
  for (let iteration = 1; iteration <= maxIterations; iteration++) {
    const next = expectation.maximize();
    const nextExpectation = expect(next);
    const before = logLikelihoods.at(-1)!;
    const after = nextExpectation.logLikelihood;
    const gain = after - before;
    if (!Number.isFinite(after)) {
      return end(
        'collapse',
        `iteration ${iteration} reached a log-likelihood of ${after}: parameters collapse, as variances do on data without ` +
          'noise; the model before it is kept',
      );
    }
    if (gain < -ROUNDING * Math.max(times, Math.abs(before))) {
      return end(
        'fall',
        `iteration ${iteration} lowered the log-likelihood from ${before} to ${after}: parameters come close to a ` +
          'collapse, as variances do on data without noise, and rounding has taken over; the model before it is kept',
      );
    }
    if (gain >= 0) {
      model = next;
      expectation = nextExpectation;
      logLikelihoods.push(after);
    }
    if (gain < tolerance * times || gain < 0) {
      return end('tolerance', `iteration ${iteration} gained less than ${tolerance} per observation time`);
    }
  }
  return end(
    'iterations',
    `the likelihood was still rising after ${maxIterations} iterations; allow more, or a larger tolerance`,
  );
}
