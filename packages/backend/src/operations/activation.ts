import * as tf from '@tensorflow/tfjs-core';

/** Elementwise functions whose derivative follows from their value alone, so that only the value is kept. */
export type Activation = 'linear' | 'relu' | 'tanh' | 'elu';

/** relu: max(x, 0). tanh: tanh x. elu: x, or exp(x) - 1 for negative x. linear: x. */
export function applyActivation(x: tf.Tensor, activation: Activation): tf.Tensor {
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return tf.relu(x);
    case 'tanh':
      return tf.tanh(x);
    case 'elu':
      return tf.elu(x);
  }
}
