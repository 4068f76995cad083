import { loaded } from '../kernels/registry.js';
import { ForwardMessages } from './forward-messages.js';
import { type HiddenMarkovModel, readSeries, type Series } from './model.js';

/** The result of `hmmFilter` for T observations of a model with K states. */
export interface FilteredHmm {
  /** log p(y_0 .. y_{T-1}); -Infinity if the observations are impossible. */
  readonly logLikelihood: number;
  /** p(z_t | y_0 .. y_{t-1}), [T, K]; row 0 is the initial distribution. null if the observations are impossible. */
  readonly predicted: Float64Array | null;
  /** p(z_t | y_0 .. y_t), [T, K]. null if the observations are impossible. */
  readonly filtered: Float64Array | null;
}

/**
 * Computes p(z_t | y_0 .. y_t) ∝ p(y_t | z_t) sum_i p(z_t | z_{t-1} = i) p(z_{t-1} = i | y_0 .. y_{t-1}) by the scaled
 * forward recursion of Rabiner (1989), equations 19-20 and 91-92. `logLikelihoods` is log p(y_t | z_t = k), [T, K].
 * Takes O(T K^2), or O(T) times the stored entries of a sparse transition. Throws InvalidInputError that names the
 * entry at fault, such as `transition[2]` or `logLikelihoods[3][0]`.
 */
export function hmmFilter(model: HiddenMarkovModel, logLikelihoods: Float64Array): FilteredHmm {
  const series = readSeries(model, logLikelihoods);
  const messages = forwardPass(series);
  if (messages === null) return { logLikelihood: -Infinity, predicted: null, filtered: null };
  const { predicted, filtered } = messages;
  return { logLikelihood: logLikelihoodOf(messages), predicted, filtered };
}

/** Returns the forward messages of a whole series, one slot for each time; null if the series is impossible. */
export function forwardPass({ chain, length, logLikelihoods }: Series): ForwardMessages | null {
  const messages = new ForwardMessages(chain.stateCount, length, logLikelihoods);
  messages.begin(0, chain.initial);
  if (!messages.update(0)) return null;
  const steps = loaded.kernels?.hmmForward(chain, messages);
  for (let t = 1; t < length; t++) {
    if (steps) t = steps(t);
    if (t === length) break;
    messages.predict(t, t - 1, chain.transitionAt(t - 1));
    if (!messages.update(t)) return null;
  }
  return messages;
}

/** Returns log p(y_0 .. y_{T-1}) from the messages of a whole pass. */
export function logLikelihoodOf({ logNormalizers }: ForwardMessages): number {
  let sum = 0;
  for (let t = 0; t < logNormalizers.length; t++) sum += logNormalizers[t]!;
  return sum;
}
