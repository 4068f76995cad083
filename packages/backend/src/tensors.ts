import * as tf from '@tensorflow/tfjs-core';

/**
 * A new float32 tensor whose values `fill` writes into the array it is given. On the wasm backend that array is
 * the tensor's own memory: nothing is copied. It is valid during the call only, is not cleared beforehand, and
 * `fill` must not create or dispose tensors (that may move the memory).
 */
export function fillTensor<R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  fill: (values: Float32Array) => void,
): tf.Tensor<R> {
  const values = new Float32Array(tf.util.sizeFromShape(shape));
  fill(values);
  return tf.tensor(values, shape, 'float32');
}

/** A copy of a float32 tensor's values, in row-major order. */
export function readTensor(tensor: tf.Tensor): Float32Array {
  // The plain cpu backend hands out the array it computes with, which later in-place steps change.
  return Float32Array.from(tensor.dataSync());
}

/** The value of a tensor of one element. */
export function readScalar(tensor: tf.Tensor): number {
  return tensor.dataSync()[0]!;
}
