import * as tf from '@tensorflow/tfjs-core';
import { type ElboOptions, pathwiseParticles, requireParticleShape } from './elbo-options.js';
import { pathwiseLogProb } from './pathwise.js';

/**
 * Returns the evidence lower bound from samples alone, (1/K) sum_k log p(x, z_k) - log q(z_k), z_k ~ q (Kingma and
 * Welling 2014, eq. 6), [...batch] in nats. Its gradient, through the draws, is unbiased.
 *
 * @throws InvalidInputError if the posterior is not reparameterized or the log-joint has a wrong shape.
 */
export function reparameterizedElbo(options: ElboOptions): tf.Tensor {
  return tf.tidy(() => {
    const { latent, logPosterior } = pathwiseParticles(options);
    const logJoint = requireParticleShape('logJoint', options.logJoint(latent), options);
    return tf.mean(tf.sub(logJoint, logPosterior), 0);
  });
}

/**
 * Returns `reparameterizedElbo` without the score of q in its gradient, a term of mean zero (Roeder, Wu and Duvenaud
 * 2017). The gradient is still unbiased, and free of noise where q is the true posterior; elsewhere it may be the
 * noisier of the two.
 *
 * @throws InvalidInputError if the posterior is not reparameterized or the log-joint has a wrong shape.
 */
export function stickingTheLandingElbo(options: ElboOptions): tf.Tensor {
  return tf.tidy(() => {
    const { latent } = pathwiseParticles(options);
    const logJoint = requireParticleShape('logJoint', options.logJoint(latent), options);
    return tf.mean(tf.sub(logJoint, pathwiseLogProb(options.posterior, latent)), 0);
  });
}
