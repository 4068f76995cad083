import * as tf from '@tensorflow/tfjs-core';
import { allocateTensor, currentWasmBackend } from './kernels/wasm-backend.js';

/**
 * A new float32 tensor whose values `fill` writes into the array it is given. On the wasm backend that array is
 * the tensor's own memory: nothing is copied. It is valid during the call only, is not cleared beforehand, and
 * `fill` must not create or dispose tensors (that may move the memory).
 */
export function fillTensor<R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  fill: (values: Float32Array) => void,
): tf.Tensor<R> {
  const backend = currentWasmBackend();
  if (backend !== undefined) {
    const tensor = allocateTensor<R>(backend, shape);
    try {
      fill(backend.typedArrayFromHeap(tensor) as Float32Array);
    } catch (error) {
      tensor.dispose();
      throw error;
    }
    return tensor;
  }
  const values = new Float32Array(tf.util.sizeFromShape(shape));
  fill(values);
  return tf.tensor(values, shape, 'float32');
}

/** A copy of a float32 tensor's values, in row-major order. */
export function readTensor(tensor: tf.Tensor): Float32Array {
  const values = tensor.dataSync<'float32'>();
  // The wasm backend has copied already; the others may hand out the array they compute with.
  return currentWasmBackend() === undefined ? values.slice() : values;
}

/** The value of a tensor of one element. */
export function readScalar(tensor: tf.Tensor): number {
  return tensor.dataSync()[0]!;
}
