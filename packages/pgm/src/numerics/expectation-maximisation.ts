import { requireCount } from '@maxent/core';
import { requireAtLeastZero } from './require-at-least-zero.js';

export interface FitOptions {
  /** 100 unless given. */
  readonly maxIterations?: number;
  /** Stops when an iteration raises the log-likelihood by less than this per observation time; 1e-6 unless given. */
  readonly tolerance?: number;
}

/** What expectation-maximisation ends with. */
export interface Fit<Model> {
  readonly model: Model;
  /** Of the model after 0, 1, 2, ... iterations; it never falls but by rounding. The last is that of `model`. */
  readonly logLikelihoods: Float64Array;
  /** Whether the tolerance was met before the iterations ran out. */
  readonly converged: boolean;
}

/** Expected statistics of the data under one model. */
export interface Expectation<Model> {
  /** Of that model. */
  readonly logLikelihood: number;
  /** The model that maximises the likelihood under them. */
  maximise(): Model;
}

/**
 * Iterates `expect` and its `maximise` from `start` on; `times` is the number of observation times that the data hold.
 * Throws InvalidInputError for options that do not fit.
 */
export function maximiseExpectations<Model>(
  start: Model,
  expect: (model: Model) => Expectation<Model>,
  times: number,
  { maxIterations = 100, tolerance = 1e-6 }: FitOptions,
): Fit<Model> {
  requireCount('maxIterations', maxIterations);
  requireAtLeastZero('tolerance', tolerance);
  const logLikelihoods: number[] = [];
  let model = start;
  for (;;) {
    const expectation = expect(model);
    const gain = expectation.logLikelihood - (logLikelihoods.at(-1) ?? -Infinity);
    logLikelihoods.push(expectation.logLikelihood);
    const converged = gain < tolerance * times;
    if (converged || logLikelihoods.length > maxIterations) {
      return { model, logLikelihoods: Float64Array.from(logLikelihoods), converged };
    }
    model = expectation.maximise();
  }
}
