import { type Distribution, klDivergence } from '@maxent/distributions';
import * as tf from '@tensorflow/tfjs-core';
import { type ParticleOptions, pathwiseParticles, requireParticleShape } from './elbo-options.js';

export interface AnalyticKlElboOptions extends ParticleOptions {
  /** p(z), with the posterior's event shape. */
  readonly prior: Distribution;
  /** Returns log p(x | z) for draws z, [K, ...batch, ...event] -> [K, ...batch]. Called inside `tf.tidy`. */
  readonly logLikelihood: (latent: tf.Tensor) => tf.Tensor;
}

/**
 * Returns the evidence lower bound with the divergence in closed form, (1/K) sum_k log p(x | z_k) - KL(q || p), z_k ~ q
 * (Kingma and Welling 2014, eq. 7 and 10), [...batch] in nats. Its gradient, through the draws, is unbiased. Prefer it
 * where it is available: only one of the bound's two terms is noisy.
 *
 * @throws NoClosedFormError if no divergence is registered for the pair; `reparameterizedElbo` needs none.
 * @throws InvalidInputError if the posterior is not reparameterized or the log-likelihood has a wrong shape.
 */
export function analyticKlElbo(options: AnalyticKlElboOptions): tf.Tensor {
  return tf.tidy(() => {
    const { latent } = pathwiseParticles(options);
    const logLikelihood = requireParticleShape('logLikelihood', options.logLikelihood(latent), options);
    return tf.sub(tf.mean(logLikelihood, 0), klDivergence(options.posterior, options.prior));
  });
}
