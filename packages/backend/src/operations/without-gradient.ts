import * as tf from '@tensorflow/tfjs-core';

/**
 * The value of `compute`, which must be a new tensor, as a constant for gradients. In tfjs, comparisons have no
 * gradient, not even zero, so a mask computed from something differentiated would make the whole gradient fail.
 */
export function withoutGradient(compute: () => tf.Tensor): tf.Tensor {
  return tf.customGrad(() => ({ value: compute(), gradFunc: () => [] }))();
}
