import { withoutGradient } from '@maxent/distributions';
import * as tf from '@tensorflow/tfjs-core';

/**
 * log of the mean of exp(x) over the first dimension. -Infinity is a weight of zero, among others or alone; the
 * library's logSumExp makes NaN of a column of them.
 */
export function logMeanExp(x: tf.Tensor): tf.Tensor {
  // Lifts -Infinity to the lowest finite number, which it may be subtracted from.
  const maximum = withoutGradient(() => tf.maximum(tf.max(x, 0), -3.4e38));
  return tf.add(tf.log(tf.mean(tf.exp(tf.sub(x, maximum)), 0)), maximum);
}
