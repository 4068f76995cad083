import * as tf from '@tensorflow/tfjs-core';

/** log(1 - tanh(u)^2) of each element, as 2 (log 2 - |u| - softplus(-2 |u|)), which neither overflows nor loses digits. */
export function logSlopeOfTanh(u: tf.Tensor): tf.Tensor {
  const magnitude = tf.abs(u);
  const tail = tf.softplus(tf.mul(magnitude, -2));
  return tf.mul(tf.sub(tf.sub(Math.LN2, magnitude), tail), 2);
}
