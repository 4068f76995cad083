import * as tf from '@tensorflow/tfjs-core';

/** The input of critics of continuous actions, [B, observation size + d]. */
export function criticInput(observations: tf.Tensor2D, actions: tf.Tensor): tf.Tensor2D {
  return tf.concat([observations, actions], 1) as tf.Tensor2D;
}

/** min over critics, [M, B, 1] to [B]. */
export function smallestValue(values: tf.Tensor): tf.Tensor1D {
  return tf.squeeze(tf.min(values, 0), [1]);
}
