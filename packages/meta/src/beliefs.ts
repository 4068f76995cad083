import { DiagonalNormal, klDivergence } from '@maxent/distributions';
import * as tf from '@tensorflow/tfjs-core';

/** Diagonal Gaussians over the latent variable of several tasks, [tasks, latent size] each. */
export interface Beliefs {
  readonly mean: tf.Tensor2D;
  readonly variance: tf.Tensor2D;
}

/** Lower bound of a factor's variance: below it, its precision would drown out all others. */
const SMALLEST_VARIANCE = 1e-7;

/** N(0, I), the belief about a task before anything has been observed in it. */
export function priorBeliefs(tasks: number, latentSize: number): Beliefs {
  return { mean: tf.zeros([tasks, latentSize]), variance: tf.ones([tasks, latentSize]) };
}

/**
 * q(z | c) proportional to prod_n N(z; mean_n, variance_n), times N(z; 0, I) with `includePrior` (Rakelly et al. 2019,
 * section 4.1): precisions add up, and the mean is the factors' mean weighted by precision. If the prior is not a
 * factor, it acts only through the KL divergence in the loss, as in the paper. Without any factor the belief is the
 * prior either way.
 *
 * @param means [tasks, factors, latent size]; @param variances the same shape, clamped from below at 1e-7.
 */
export function productOfGaussians(
  means: tf.Tensor3D,
  variances: tf.Tensor3D,
  { includePrior }: { readonly includePrior: boolean },
): Beliefs {
  const [tasks, factors, latentSize] = means.shape;
  if (factors === 0) return priorBeliefs(tasks, latentSize);
  const precisions = tf.div(1, tf.maximum(variances, SMALLEST_VARIANCE));
  const sum = tf.sum(precisions, 1);
  const precision = includePrior ? tf.add(sum, 1) : sum;
  const variance = tf.div(1, precision) as tf.Tensor2D;
  return { mean: tf.mul(variance, tf.sum(tf.mul(means, precisions), 1)), variance };
}

/** mean + sqrt(variance) * noise, differentiable in the beliefs; `noise` [tasks, latent size], standard normal. */
export function sampleBeliefs({ mean, variance }: Beliefs, noise: tf.Tensor2D): tf.Tensor2D {
  return tf.add(mean, tf.mul(tf.sqrt(variance), noise));
}

/** KL(q || N(0, I)) of each task in nats, [tasks]. */
export function divergenceFromPrior({ mean, variance }: Beliefs): tf.Tensor1D {
  return klDivergence(
    new DiagonalNormal({ mean, std: tf.sqrt(variance) }),
    new DiagonalNormal({ mean: tf.zerosLike(mean), std: tf.onesLike(variance) }),
  ) as tf.Tensor1D;
}
