import { type Rng, requireCount, requireRng } from '@maxent/core';
import { requireAnswerMemory } from '../numerics/require-answer-memory.js';
import { forwardPass, logLikelihoodOf } from './filter.js';
import { FAINT, type ForwardMessages } from './forward-messages.js';
import { type HiddenMarkovModel, readSeries } from './model.js';
import type { TransitionMatrix } from './transition-matrix.js';

/** State paths drawn given the observations. */
export interface HmmPosteriorSample {
  /** log p(y_0 .. y_{T-1}); -Infinity if the observations are impossible. */
  readonly logLikelihood: number;
  /** [draws, T]; null if the observations are impossible. */
  readonly paths: Int32Array | null;
}

/**
 * Draws paths from p(z_0 .. z_{T-1} | y_0 .. y_{T-1}) by forward filtering and backward sampling (Frühwirth-Schnatter
 * 1994; Scott 2002): z_{T-1} from its filtered distribution, then each z_t = i with probability proportional to p(z_t =
 * i | y_0 .. y_t) A[i, z_{t+1}]. Takes O(T K) per path, after the filter. Throws InvalidInputError as `hmmFilter` does,
 * and unless `draws` is a positive integer.
 */
export function sampleHmmPosterior(
  model: HiddenMarkovModel,
  logLikelihoods: Float64Array,
  draws: number,
  rng: Rng,
): HmmPosteriorSample {
  requireCount('draws', draws);
  requireRng(rng);
  const series = readSeries(model, logLikelihoods);
  const { chain, length } = series;
  requireAnswerMemory('draws', draws * length, `${draws} paths of ${length} steps`);
  const messages = forwardPass(series);
  if (messages === null) return { logLikelihood: -Infinity, paths: null };
  const { stateCount, filtered } = messages;
  const paths = new Int32Array(draws * length);
  const weights = new Float64Array(stateCount);
  for (let end = length; end <= draws * length; end += length) {
    let state = rng.categorical(filtered.subarray((length - 1) * stateCount));
    paths[end - 1] = state;
    for (let t = length - 2; t >= 0; t--) {
      weigh(messages, t, chain.transitionAt(t), state, weights);
      state = rng.categorical(weights);
      paths[end - length + t] = state;
    }
  }
  return { logLikelihood: logLikelihoodOf(messages), paths };
}

/** Sets weights[i] to p(z_t = i | y_0 .. y_t) A[i, next], divided by their sum if that is faint. */
function weigh(
  messages: ForwardMessages,
  t: number,
  matrix: TransitionMatrix,
  next: number,
  weights: Float64Array,
): void {
  const { stateCount, filtered, predicted } = messages;
  const faint = predicted[(t + 1) * stateCount + next]! < FAINT;
  const logSum = faint ? messages.logPredictedOf(t + 1, next) : 0;
  for (let i = 0; i < stateCount; i++) {
    const probability = matrix.probability(i, next);
    weights[i] = faint
      ? Math.exp(messages.logFiltered(t, i) + Math.log(probability) - logSum)
      : filtered[t * stateCount + i]! * probability;
  }
}
