import { type Distribution, withoutGradient } from '@maxent/distributions';
import * as tf from '@tensorflow/tfjs-core';

/** The value of a tensor as a constant to gradients. */
export function constantOf(x: tf.Tensor): tf.Tensor {
  return withoutGradient(() => x.clone());
}

/**
 * log q(z) whose gradient goes through z alone, with the parameters in the density itself held: the derivative for
 * fixed z, taken a second time, is subtracted. Works for every family.
 */
export function pathwiseLogProb(posterior: Distribution, latent: tf.Tensor): tf.Tensor {
  const forFixedLatent = posterior.logProb(constantOf(latent));
  return tf.sub(posterior.logProb(latent), tf.sub(forFixedLatent, constantOf(forFixedLatent)));
}

/** x, with the gradient that arrives multiplied by a constant. */
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
