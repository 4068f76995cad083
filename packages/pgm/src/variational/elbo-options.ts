import { InvalidInputError, type Rng, requireCount } from '@maxent/core';
import type { Distribution } from '@maxent/distributions';
import type * as tf from '@tensorflow/tfjs-core';

/** What every estimator of a lower bound on log p(x) needs to draw. */
export interface ParticleOptions {
  /** q(z), or q(z | x) for a batch of data; its batch shape is the bound's. */
  readonly posterior: Distribution;
  /** K, the number of draws from the posterior. */
  readonly numParticles: number;
  readonly rng: Rng;
}

export interface ElboOptions extends ParticleOptions {
  /**
   * Returns log p(x, z) for draws z, [K, ...batch, ...event] -> [K, ...batch]. Called inside `tf.tidy`; it must return
   * the same values for the same draws.
   */
  readonly logJoint: (latent: tf.Tensor) => tf.Tensor;
}

/** Draws and their log-densities, [K, ...batch]. */
export interface Particles {
  readonly latent: tf.Tensor;
  readonly logPosterior: tf.Tensor;
}

/**
 * Returns draws that carry gradients into the posterior's parameters.
 *
 * @throws InvalidInputError if the posterior is not reparameterized.
 */
export function pathwiseParticles({ posterior, numParticles, rng }: ParticleOptions): Particles {
  requireCount('numParticles', numParticles);
  if (!posterior.reparameterized) {
    throw new InvalidInputError(
      'posterior',
      `expected a reparameterized distribution, got ${posterior.constructor.name}, whose draws have no gradient; ` +
        'use scoreFunctionElbo',
    );
  }
  const { sample, logProb } = posterior.sampleAndLogProb(rng, [numParticles]);
  return { latent: sample, logPosterior: logProb };
}

/**
 * Returns the values of a model for the particles. Throws InvalidInputError unless their shape is [K, ...batch]: a
 * model that forgot to sum over the data's features would broadcast silently.
 */
export function requireParticleShape(
  field: string,
  values: tf.Tensor,
  { posterior, numParticles }: ParticleOptions,
): tf.Tensor {
  const expected = [numParticles, ...posterior.batchShape];
  if (values.shape.join() !== expected.join()) {
    throw new InvalidInputError(
      field,
      `expected values of shape [${expected}], the particles' and the posterior's batch, got [${values.shape}]`,
    );
  }
  return values;
}
