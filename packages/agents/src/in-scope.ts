import * as tf from '@tensorflow/tfjs-core';

/** A copy of a kept scalar, which the surrounding tidy disposes of. */
export function inScope(kept: tf.Scalar): tf.Scalar {
  const copy = tf.clone(kept);
  kept.dispose();
  return copy;
}
