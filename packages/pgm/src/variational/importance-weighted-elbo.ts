import { withoutGradient } from '@maxent/distributions';
import * as tf from '@tensorflow/tfjs-core';
import { type ElboOptions, pathwiseParticles, requireParticleShape } from './elbo-options.js';
import { logMeanExp } from './log-mean-exp.js';
import { pathwiseLogProb, scaleGradient } from './pathwise.js';

/**
 * Returns the importance-weighted bound log (1/K) sum_k w_k with w_k = p(x, z_k) / q(z_k), z_k ~ q (Burda, Grosse and
 * Salakhutdinov 2016, eq. 8), [...batch] in nats: the evidence lower bound for K = 1, tighter with every particle, log
 * p(x) in the limit. Its gradient, through the draws, is unbiased for the bound, but in the posterior's parameters it
 * drowns in noise as K grows (Rainforth et al. 2018). `doublyReparameterizedElbo` fixes this.
 *
 * @throws InvalidInputError if the posterior is not reparameterized or the log-joint has a wrong shape.
 */
export function importanceWeightedElbo(options: ElboOptions): tf.Tensor {
  return tf.tidy(() => {
    const { latent, logPosterior } = pathwiseParticles(options);
    const logJoint = requireParticleShape('logJoint', options.logJoint(latent), options);
    return logMeanExp(tf.sub(logJoint, logPosterior));
  });
}

/**
 * Returns `importanceWeightedElbo` with the doubly reparameterized gradient (Tucker et al. 2019, eq. 7): for the
 * posterior's parameters, sum_k v_k^2 (d log w_k / d z_k) (d z_k / d parameters), where v_k = w_k / sum_j w_j and q's
 * density is held fixed; for the model's own parameters, sum_k v_k grad log p(x, z_k), as before. The gradient is
 * unbiased, and its signal keeps up with its noise as K grows. It evaluates the model twice, once without a gradient.
 *
 * @throws InvalidInputError if the posterior is not reparameterized or the log-joint has a wrong shape.
 */
export function doublyReparameterizedElbo(options: ElboOptions): tf.Tensor {
  const { posterior } = options;
  return tf.tidy(() => {
    const { latent, logPosterior } = pathwiseParticles(options);
    const weights = withoutGradient(() => {
      const logJoint = requireParticleShape('logJoint', options.logJoint(latent), options);
      const logWeights = tf.sub(logJoint, logPosterior);
      return tf.div(tf.exp(tf.sub(logWeights, logMeanExp(logWeights))), options.numParticles);
    });
    // log w_k gets v_k from the logarithm below; this is the second factor v_k, which applies only to the gradient into
    // the draws.
    const eventAxes = posterior.eventShape.map(() => 1);
    const scaled = scaleGradient(latent, tf.reshape(weights, [...weights.shape, ...eventAxes]));
    return logMeanExp(tf.sub(options.logJoint(scaled), pathwiseLogProb(posterior, scaled)));
  });
}
