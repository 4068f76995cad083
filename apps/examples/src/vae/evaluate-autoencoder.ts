import { readScalar } from '@maxent/backend';
import type { Rng } from '@maxent/core';
import {
  amortizationGap,
  fitPosterior,
  importanceWeightedElbo,
  type VariationalAutoencoder,
} from '@maxent/pgm/variational';
import * as tf from '@tensorflow/tfjs-core';
import { binarize, type Digits } from './digits.js';

const BATCH = 100;
/** K of the importance-weighted bound. */
export const IMPORTANCE_PARTICLES = 64;

export interface EvaluateOptions {
  /** How many images the two bounds are averaged over, starting with the first. */
  readonly images: number;
  /** How many images get a posterior of their own, starting with the first. */
  readonly gapImages: number;
  /** Optimization steps for each of these posteriors. */
  readonly gapSteps: number;
  readonly rng: Rng;
}

/** All values are in nats per image. */
export interface Evaluation {
  readonly elbo: number;
  /** A lower bound on log p(x), tighter than the ELBO. */
  readonly importanceWeightedBound: number;
  /** ELBO of individually optimized posteriors minus the ELBO of the encoder's. */
  readonly amortizationGap: number;
}

export function evaluateAutoencoder(
  model: VariationalAutoencoder,
  digits: Digits,
  { images, gapImages, gapSteps, rng }: EvaluateOptions,
): Evaluation {
  let elbo = 0;
  let bound = 0;
  for (let start = 0; start < images; start += BATCH) {
    tf.tidy(() => {
      const size = Math.min(BATCH, images - start);
      const x = binarize(digits, range(start, size), rng);
      elbo += readScalar(tf.sum(model.elbo(x, { numParticles: 1, rng })));
      const weighted = importanceWeightedElbo({
        posterior: model.posterior(x),
        logJoint: (latent) => model.logJoint(x, latent),
        numParticles: IMPORTANCE_PARTICLES,
        rng,
      });
      bound += readScalar(tf.sum(weighted));
    });
  }
  return {
    elbo: elbo / images,
    importanceWeightedBound: bound / images,
    amortizationGap: tf.tidy(() => meanGap(model, binarize(digits, range(0, gapImages), rng), gapSteps, rng)),
  };
}

/** Optimizes the posterior of each image separately, starting from the encoder's, with the decoder fixed. */
function meanGap(model: VariationalAutoencoder, x: tf.Tensor2D, steps: number, rng: Rng): number {
  const amortized = model.posterior(x);
  const problem = {
    prior: model.prior(),
    logLikelihood: (latent: tf.Tensor) => model.logLikelihood(x, latent),
    rng,
  };
  const optimized = fitPosterior({
    ...problem,
    initial: amortized,
    numParticles: 4,
    steps,
    learningRate: 0.02,
  });
  return readScalar(tf.mean(amortizationGap({ ...problem, amortized, optimized, numParticles: 64 })));
}

function range(start: number, size: number): number[] {
  return Array.from({ length: size }, (_, i) => start + i);
}
