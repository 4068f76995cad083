import { readTensor } from '@maxent/backend';
import type { Rng } from '@maxent/core';
import type { VariationalAutoencoder } from '@maxent/pgm/variational';
import * as tf from '@tensorflow/tfjs-core';
import { binarize, type Digits } from './digits.js';

/** Number of images in a row of a picture. */
export const COLUMNS = 16;
const ROWS = 8;

/**
 * Images in alternating rows of `COLUMNS`: black and white ones as the encoder sees them, and their reconstructions.
 */
export function reconstructions(model: VariationalAutoencoder, digits: Digits, rng: Rng): Float32Array {
  return tf.tidy(() => {
    const rows = Array.from({ length: ROWS / 2 }, (_, row) => {
      const indices = Array.from({ length: COLUMNS }, (_, column) => row * COLUMNS + column);
      const x = binarize(digits, indices, rng);
      return tf.concat([x, inkOf(model, model.posterior(x).mean() as tf.Tensor2D)]);
    });
    return readTensor(tf.concat(rows));
  });
}

/** The decoder's images for draws from the prior. */
export function priorSamples(model: VariationalAutoencoder, rng: Rng): Float32Array {
  return tf.tidy(() => readTensor(inkOf(model, model.prior().sample(rng, [ROWS * COLUMNS]) as tf.Tensor2D)));
}

/** Probabilities of ink: the decoder outputs logits. */
function inkOf(model: VariationalAutoencoder, latent: tf.Tensor2D): tf.Tensor2D {
  return tf.sigmoid(model.decoder.apply(latent));
}
