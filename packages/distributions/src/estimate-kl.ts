import { withoutGradient } from '@maxent/backend';
import { InvalidInputError, isMaxentError, type Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Distribution } from './distribution.js';
import { klDivergence } from './kl-divergence.js';

export interface KlEstimate {
  /** KL(p || q) in nats, [...batchShape]. */
  readonly kl: tf.Tensor;
  /** The standard error of `kl`, a constant of the same shape; 0 if `kl` is exact. */
  readonly standardError: tf.Tensor;
}

export interface KlEstimateOptions {
  /** The number of draws from p, at least 2. */
  readonly samples: number;
  readonly rng: Rng;
}

/**
 * The mean of log p(x) - log q(x) over draws x from p. It is unbiased, and so is its gradient in the parameters of p
 * and q. If p is reparameterized, the gradient goes through the draws; otherwise the score-function term (log p(x) -
 * log q(x)) grad log p(x) is added.
 *
 * @throws InvalidInputError if `samples` is not an integer of at least 2.
 */
export function monteCarloKl(
  p: Distribution,
  q: Distribution,
  { samples, rng }: KlEstimateOptions,
): KlEstimate {
  if (!Number.isInteger(samples) || samples < 2) {
    throw new InvalidInputError('samples', `expected an integer of at least 2, got ${samples}`);
  }
  return tf.tidy(() => {
    const { sample, logProb } = p.sampleAndLogProb(rng, [samples]);
    const difference = tf.sub(logProb, q.logProb(sample));
    const standardError = withoutGradient(() => {
      const { variance } = tf.moments(difference, 0);
      return tf.sqrt(tf.div(variance, samples - 1));
    });
    if (p.reparameterized) return { kl: tf.mean(difference, 0), standardError };
    const weight = withoutGradient(() => difference.clone());
    // Its value is zero, and its gradient is the score-function term.
    const score = tf.mul(
      weight,
      tf.sub(
        logProb,
        withoutGradient(() => logProb.clone()),
      ),
    );
    return { kl: tf.mean(tf.add(difference, score), 0), standardError };
  });
}

/** `klDivergence` if a closed form is registered, otherwise `monteCarloKl`. */
export function estimateKl(p: Distribution, q: Distribution, options: KlEstimateOptions): KlEstimate {
  const kl = closedFormKl(p, q);
  return kl === undefined ? monteCarloKl(p, q, options) : { kl, standardError: tf.zeros(kl.shape) };
}

function closedFormKl(p: Distribution, q: Distribution): tf.Tensor | undefined {
  try {
    return klDivergence(p, q);
  } catch (error) {
    if (isMaxentError(error, 'NO_CLOSED_FORM')) return undefined;
    throw error;
  }
}
