import { readTensor } from '@maxent/backend';
import * as tf from '@tensorflow/tfjs-core';

/**
 * A scalar function of a tensor, with value and gradient computed by plain loops: for losses over the few outputs of a
 * network with discrete actions, a dozen tensor operations cost more than the arithmetic.
 *
 * @param compute reads `values`, writes the derivative with respect to each of them into `gradient` (initially zeros),
 * and returns the scalar.
 */
export function hostLoss(
  x: tf.Tensor,
  compute: (values: Float32Array, gradient: Float32Array) => number,
): tf.Scalar {
  const loss = tf.customGrad((input) => {
    const { shape, size } = input as tf.Tensor;
    const derivative = new Float32Array(size);
    const value = compute(readTensor(input as tf.Tensor), derivative);
    return {
      value: tf.scalar(value),
      gradFunc: (dy: tf.Tensor) => tf.mul(dy, tf.tensor(derivative, shape)),
    };
  });
  return loss(x) as tf.Scalar;
}
