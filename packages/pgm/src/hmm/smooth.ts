import { InvalidInputError, isFloat64Array } from '@maxent/core';
import { loaded } from '../kernels/registry.js';
import { BackwardStep } from './backward-step.js';
import { type FilteredHmm, forwardPass, logLikelihoodOf } from './filter.js';
import type { ForwardMessages } from './forward-messages.js';
import { type HiddenMarkovModel, type MarkovChain, readSeries } from './model.js';

/** The result of the smoothers for T observations of a model with K states. */
export interface SmoothedHmm extends FilteredHmm {
  /**
   * p(z_t | y_0 .. y_{T-1}), [T, K]; with a fixed lag p(z_t | y_0 .. y_{t+lag}). null if the observations are
   * impossible.
   */
  readonly smoothed: Float64Array | null;
}

const IMPOSSIBLE: SmoothedHmm = { logLikelihood: -Infinity, predicted: null, filtered: null, smoothed: null };

/**
 * Computes the smoothed p(z_t | y_0 .. y_{T-1}), the gamma of Rabiner (1989), equation 27, by a forward pass as in
 * `hmmFilter` and a backward pass over the filtered distributions (Särkkä 2013, equation 8.3), which needs no
 * likelihoods. Takes O(T K^2), or O(T) times the stored entries of a sparse transition. Throws InvalidInputError as
 * `hmmFilter` does.
 */
export function hmmSmooth(model: HiddenMarkovModel, logLikelihoods: Float64Array): SmoothedHmm {
  const series = readSeries(model, logLikelihoods);
  const messages = forwardPass(series);
  if (messages === null) return IMPOSSIBLE;
  const { predicted, filtered } = messages;
  const smoothed = backwardPass(series.chain, messages, 0);
  return { logLikelihood: logLikelihoodOf(messages), predicted, filtered, smoothed };
}

/**
 * Computes the fixed-lag p(z_t | y_0 .. y_{t+lag}): what a filter would return if it could wait `lag` steps. In the
 * last `lag` rows, for which no more is observed, it equals `hmmSmooth`. Lag 0 is the filter. Takes O(T lag K^2).
 * Throws InvalidInputError as `hmmFilter` does, and for a lag that is not an integer of at least 0.
 */
export function hmmFixedLagSmooth(
  model: HiddenMarkovModel,
  logLikelihoods: Float64Array,
  lag: number,
): SmoothedHmm {
  requireLag(lag);
  const series = readSeries(model, logLikelihoods);
  const { chain, length } = series;
  const messages = forwardPass(series);
  if (messages === null) return IMPOSSIBLE;
  const { stateCount, predicted, filtered } = messages;
  const firstOfLast = Math.max(0, length - 1 - lag);
  const smoothed = backwardPass(chain, messages, firstOfLast);
  const step = new BackwardStep(messages);
  let later = new Float64Array(stateCount);
  let earlier = new Float64Array(stateCount);
  for (let t = 0; t < firstOfLast; t++) {
    later.set(filtered.subarray((t + lag) * stateCount, (t + lag + 1) * stateCount));
    for (let u = t + lag - 1; u >= t; u--) {
      step.smooth(u, u + 1, chain.transitionAt(u), later, 0, earlier, 0);
      [later, earlier] = [earlier, later];
    }
    smoothed.set(later, t * stateCount);
  }
  return { logLikelihood: logLikelihoodOf(messages), predicted, filtered, smoothed };
}

export function requireLag(lag: number): void {
  if (!Number.isInteger(lag) || lag < 0) {
    throw new InvalidInputError('lag', `expected an integer of at least 0, got ${lag}`);
  }
}

/**
 * Computes p(z_t | y_0 .. y_{T-1}) for t >= first, [T, K], with zeros before. Adds the pairwise marginals of every step
 * to `pairs`, or those of step t to `pairs[t]`, laid out like the step's matrix.
 */
export function backwardPass(
  chain: MarkovChain,
  messages: ForwardMessages,
  first: number,
  pairs?: Float64Array | readonly Float64Array[],
): Float64Array {
  const { stateCount, slots, filtered } = messages;
  const smoothed = new Float64Array(slots * stateCount);
  const last = (slots - 1) * stateCount;
  smoothed.set(filtered.subarray(last), last);
  const step = new BackwardStep(messages);
  const steps =
    pairs === undefined || isFloat64Array(pairs)
      ? loaded.kernels?.hmmBackward(chain, messages, smoothed, first, pairs)
      : null;
  for (let t = slots - 2; t >= first; t--) {
    if (steps) t = steps(t);
    if (t < first) break;
    const row = t * stateCount;
    const matrix = chain.transitionAt(t);
    const out = isFloat64Array(pairs) ? pairs : pairs?.[t];
    if (out !== undefined) step.addPairs(t, t + 1, matrix, smoothed, row + stateCount, out);
    step.smooth(t, t + 1, matrix, smoothed, row + stateCount, smoothed, row);
  }
  return smoothed;
}
