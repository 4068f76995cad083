import { InvalidInputError, isFloat64Array } from '@maxent/core';
import { forwardPass, logLikelihoodOf } from './filter.js';
import { type HiddenMarkovModel, isTimeVarying, readSeries, requireStates } from './model.js';
import { backwardPass } from './smooth.js';

/** The result of `hmmPairwiseMarginals` for T observations. */
export interface HmmPairwiseMarginals {
  /** log p(y_0 .. y_{T-1}); -Infinity if that is impossible. */
  readonly logLikelihood: number;
  /**
   * p(z_t = i, z_{t+1} = j | y_0 .. y_{T-1}) for t = 0 .. T - 2, each laid out like the transition of that step: [K, K]
   * for a dense one, one number for each stored entry of a sparse one. null if the observations are impossible.
   */
  readonly pairwise: readonly Float64Array[] | null;
}

/**
 * Computes the joint marginals of consecutive states, the xi of Rabiner (1989), equation 37. Throws InvalidInputError
 * as `hmmFilter` does. If you only need their sum over time, `hmmExpectedTransitions` takes less memory.
 */
export function hmmPairwiseMarginals(
  model: HiddenMarkovModel,
  logLikelihoods: Float64Array,
): HmmPairwiseMarginals {
  const series = readSeries(model, logLikelihoods);
  const { chain, length } = series;
  const messages = forwardPass(series);
  if (messages === null) return { logLikelihood: -Infinity, pairwise: null };
  const pairwise = Array.from(
    { length: length - 1 },
    (_, t) => new Float64Array(chain.transitionAt(t).values.length),
  );
  backwardPass(chain, messages, 0, pairwise);
  return { logLikelihood: logLikelihoodOf(messages), pairwise };
}

/** The result of `hmmExpectedTransitions` for T observations. */
export interface HmmExpectedTransitions {
  /** log p(y_0 .. y_{T-1}); -Infinity if that is impossible. */
  readonly logLikelihood: number;
  /**
   * Expected number of steps from i to j given the observations, sum over t of p(z_t = i, z_{t+1} = j | y), laid out
   * like the transition: [K, K], or one number for each stored entry of a sparse one. null if the observations are
   * impossible.
   */
  readonly counts: Float64Array | null;
}

/**
 * Computes the sum over time of `hmmPairwiseMarginals`, which is what expectation-maximization needs. Throws
 * InvalidInputError as `hmmFilter` does, and for a transition that varies over time.
 */
export function hmmExpectedTransitions(
  model: HiddenMarkovModel,
  logLikelihoods: Float64Array,
): HmmExpectedTransitions {
  requireStates(model);
  if (isTimeVarying(model.transition)) {
    throw new InvalidInputError(
      'transition',
      'expected one matrix for all steps; use hmmPairwiseMarginals for a model that varies over time',
    );
  }
  const series = readSeries(model, logLikelihoods);
  const messages = forwardPass(series);
  if (messages === null) return { logLikelihood: -Infinity, counts: null };
  const { transition } = model;
  const entries = isFloat64Array(transition) ? transition : transition.values;
  const counts = new Float64Array(entries.length);
  backwardPass(series.chain, messages, 0, counts);
  return { logLikelihood: logLikelihoodOf(messages), counts };
}
