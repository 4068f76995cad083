import { requireCount } from '@maxent/core';
import { requireAtLeastZero } from './require-at-least-zero.js';

export interface FitOptions {
  /** Default 100. */
  readonly maxIterations?: number;
  /** Stops when an iteration raises the log-likelihood by less than this per observation time; default 1e-6. */
  readonly tolerance?: number;
}

/**
 * Why expectation-maximization stopped: an iteration gained less than the tolerance, the iterations ran out, or an
 * iteration lowered the likelihood by more than rounding, or made it infinite or impossible to compute. The last two
 * happen when parameters collapse, as variances do on data without noise; that iteration is rejected.
 */
export type FitEnd = 'tolerance' | 'iterations' | 'fall' | 'collapse';

/** The result of expectation-maximization. */
export interface Fit<Model> {
  /** The model with the highest likelihood that was reached. */
  readonly model: Model;
  /** The log-likelihood after 0, 1, 2, ... iterations. It never falls, and the last entry belongs to `model`. */
  readonly logLikelihoods: Float64Array;
  /** Whether the tolerance was met before the iterations ran out: `stopped` is 'tolerance'. */
  readonly converged: boolean;
  readonly stopped: FitEnd;
  /** `stopped` as a sentence, with numbers. */
  readonly reason: string;
}

/** Expected statistics of the data under one model. */
export interface Expectation<Model> {
  /** The log-likelihood of that model; -Infinity if the data are impossible under it. */
  readonly logLikelihood: number;
  /** Returns the model that maximizes the likelihood under these statistics. */
  maximize(): Model;
}

/** The largest relative fall of a log-likelihood that counts as rounding. */
const ROUNDING = 1e-11;

/**
 * Alternates `expect` and `maximize`, beginning with `start`, as long as the likelihood rises; `times` is the number of
 * observation times in the data. Throws InvalidInputError for invalid options.
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
