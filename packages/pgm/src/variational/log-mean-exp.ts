import { withoutGradient } from '@maxent/distributions';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Returns the log of the mean of exp(x) over the first dimension. -Infinity is a weight of zero, alone or among others;
 * TensorFlow.js's logSumExp returns NaN for a column of them.
 */
export function logMeanExp(x: tf.Tensor): tf.Tensor {
  // Raise a maximum of -Infinity to the lowest finite number, so that it can be subtracted.
  const maximum = withoutGradient(() => tf.maximum(tf.max(x, 0), -3.4e38));
  return tf.add(tf.log(tf.mean(tf.exp(tf.sub(x, maximum)), 0)), maximum);
}
