import * as tf from '@tensorflow/tfjs-core';
import type { SquashedGaussianSample } from './squashed-gaussian.js';

const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/** `squashedGaussian` in tfjs operations. */
export function composedSquashedGaussian(
  head: tf.Tensor2D,
  noise: tf.Tensor2D,
  minimum: number,
  maximum: number,
): SquashedGaussianSample {
  const [batch, actions] = noise.shape;
  return tf.tidy(() => {
    const mean = tf.slice(head, [0, 0], [batch, actions]);
    const logStd = tf.clipByValue(tf.slice(head, [0, actions], [batch, actions]), minimum, maximum);
    const rawAction = tf.add(mean, tf.mul(tf.exp(logStd), noise)) as tf.Tensor2D;
    const logNormal = tf.sub(tf.mul(tf.square(noise), -0.5), tf.add(logStd, halfLogTwoPi));
    const logDerivative = tf.mul(2, tf.sub(tf.sub(Math.LN2, rawAction), tf.softplus(tf.mul(rawAction, -2))));
    const logProb = tf.sum(tf.sub(logNormal, logDerivative), 1) as tf.Tensor1D;
    return { action: tf.tanh(rawAction) as tf.Tensor2D, rawAction, logProb };
  });
}
