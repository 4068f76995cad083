import type * as tf from '@tensorflow/tfjs-core';

// `tf.tidy` accepts a type here, but not an interface.
export type Mapped = {
  /** The image, [batch, size]. */
  readonly y: tf.Tensor2D;
  /** log |det| of the Jacobian in the direction taken, in nats, [batch]. */
  readonly logDet: tf.Tensor1D;
};

/**
 * A smooth invertible map of vectors, row by row, that may depend on a context with one row for each row of the batch.
 * Methods return new tensors, so call them inside `tf.tidy`. Both directions are differentiable in the input, the
 * context and the bijector's parameters.
 */
export interface Bijector {
  /** y = f(x; context). */
  forward(x: tf.Tensor2D, context?: tf.Tensor2D): Mapped;
  /** The x whose image is given, returned under the name `y`; `logDet` belongs to the inverse map. */
  inverse(y: tf.Tensor2D, context?: tf.Tensor2D): Mapped;
}
