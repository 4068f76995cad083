import { type Distribution, withoutGradient } from '@maxent/distributions';
import * as tf from '@tensorflow/tfjs-core';

/** Returns a copy of a tensor that is constant to gradients. */
export function constantOf(x: tf.Tensor): tf.Tensor {
  return withoutGradient(() => x.clone());
}

/**
 * Returns log q(z) with a gradient that flows only through z, while the density's own parameters are held fixed: the
 * derivative for fixed z is computed again and subtracted. Works for every family.
 */
export function pathwiseLogProb(posterior: Distribution, latent: tf.Tensor): tf.Tensor {
  const forFixedLatent = posterior.logProb(constantOf(latent));
  return tf.sub(posterior.logProb(latent), tf.sub(forFixedLatent, constantOf(forFixedLatent)));
}

/** Returns x, and multiplies the gradient that arrives by a constant. */
export function scaleGradient(x: tf.Tensor, factor: tf.Tensor): tf.Tensor {
  const scaled: Parameters<typeof tf.customGrad>[0] = (value, save) => {
    (save as (tensors: tf.Tensor[]) => void)([factor]);
    return {
      value: (value as tf.Tensor).clone(),
      gradFunc: (gradient: tf.Tensor, [saved]: tf.Tensor[]) => tf.mul(gradient, saved!),
    };
  };
  return tf.customGrad(scaled)(x);
}
