import type * as tf from '@tensorflow/tfjs-core';

// A type, not an interface: `tf.tidy` takes those only.
export type Mapped = {
  /** The image, [batch, size]. */
  readonly y: tf.Tensor2D;
  /** log |det dy/dx| of the direction taken, in nats, [batch]. */
  readonly logDet: tf.Tensor1D;
};

/**
 * A smooth invertible map of vectors, row by row, that may depend on a context: one row of it for each row of the
 * batch. Methods return new tensors, so call them inside `tf.tidy`; both directions are differentiable in the input,
 * the context and the bijector's parameters.
 */
export interface Bijector {
  /** y = f(x; context). */
  forward(x: tf.Tensor2D, context?: tf.Tensor2D): Mapped;
  /** The x whose image is given, under the name `y`; `logDet` is that of the inverse map. */
  inverse(y: tf.Tensor2D, context?: tf.Tensor2D): Mapped;
}
