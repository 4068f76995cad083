import { InvalidInputError, requireCount } from '@maxent/core';
import { withoutGradient } from '@maxent/distributions';
import * as tf from '@tensorflow/tfjs-core';
import { type ElboOptions, requireParticleShape } from './elbo-options.js';
import { constantOf } from './pathwise.js';

export interface ScoreFunctionElboOptions extends ElboOptions {
  /**
   * b, a prediction of log p(x, z) - log q(z) before z is drawn, such as one learned from x; it must broadcast to [K,
   * ...batch]. Any b keeps the gradient unbiased, and a good one reduces its noise. Default: for each particle, the
   * mean over the others.
   */
  readonly baseline?: tf.Tensor | undefined;
}

/**
 * Returns the evidence lower bound for any posterior, discrete ones included: the value of `reparameterizedElbo` with
 * the score-function gradient (1/K) sum_k (f_k - b_k) grad log q(z_k) + grad log p(x, z_k), where f_k = log p(x, z_k) -
 * log q(z_k) and the last gradient is for the model's own parameters (Williams 1992; Ranganath, Gerrish and Blei 2014).
 * By default b_k is the mean of the other particles' f (Salimans and Knowles 2014; Kool, van Hoof and Welling 2019):
 * this is unbiased because b_k does not depend on z_k. The result is [...batch], in nats.
 *
 * @throws InvalidInputError if there is neither a baseline nor a second particle, or the log-joint has a wrong shape.
 */
export function scoreFunctionElbo(options: ScoreFunctionElboOptions): tf.Tensor {
  const { posterior, numParticles, rng, baseline } = options;
  requireCount('numParticles', numParticles);
  if (baseline === undefined && numParticles < 2) {
    throw new InvalidInputError(
      'numParticles',
      'expected at least 2, because the mean of the others is the baseline, got 1; use more, or give a baseline',
    );
  }
  return tf.tidy(() => {
    const latent = withoutGradient(() => posterior.sample(rng, [numParticles]));
    const logPosterior = posterior.logProb(latent);
    const logJoint = requireParticleShape('logJoint', options.logJoint(latent), options);
    const logWeight = constantOf(tf.sub(logJoint, logPosterior));
    const advantage =
      baseline === undefined ? lessMeanOfOthers(logWeight) : tf.sub(logWeight, constantOf(baseline));
    // Its value is zero.
    const score = tf.mul(advantage, tf.sub(logPosterior, constantOf(logPosterior)));
    return tf.mean(tf.add(tf.sub(logJoint, constantOf(logPosterior)), score), 0);
  });
}

/** Subtracts from each of n entries along the first dimension the mean of the others, (sum_j x_j - x_i) / (n - 1). */
export function lessMeanOfOthers(x: tf.Tensor): tf.Tensor {
  const count = x.shape[0]!;
  return tf.mul(tf.sub(x, tf.mean(x, 0, true)), count / (count - 1));
}
