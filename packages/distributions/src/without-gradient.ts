import * as tf from '@tensorflow/tfjs-core';

/**
 * The value of `compute`, which must be a new tensor, as a constant to gradients. Comparisons have no gradient in tfjs, not even zero: a mask that is computed
 * from something differentiated would make the whole gradient fail.
 */
export function withoutGradient(compute: () => tf.Tensor): tf.Tensor {
  return tf.customGrad(() => ({ value: compute(), gradFunc: () => [] }))();
}
