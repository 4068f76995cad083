import { InvalidInputError, InvalidStateError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { allocateTensor, currentWasmBackend } from './kernels/wasm-backend.js';
import { countResourceVariables } from './native/in-place.js';
import { currentNativeBackend } from './native/native-backend.js';

/**
 * A new float32 tensor whose values `fill` writes into the array it is given. On the wasm backend that array is the
 * tensor's own memory, so nothing is copied. The array is not cleared beforehand and is valid only during the call:
 * `fill` must not keep it, and must not create or dispose tensors, which may move the memory.
 *
 * Every network begins here, so a missing backend is noticed here. Throws InvalidStateError before there is one.
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
  if (Object.keys(tf.engine().registryFactory).length === 0) {
    throw new InvalidStateError(
      'there is no backend yet that computes with tensors: write `await selectBackend()`, of @maxent/backend, before you make an agent or a network',
    );
  }
  const values = new Float32Array(tf.util.sizeFromShape(shape));
  fill(values);
  return tf.tensor(values, shape, 'float32');
}

/**
 * A new float32 tensor with a copy of `values`. On the cpu and native backends, a tensor made by `tf.tensor` shares the
 * caller's array, so writing into the array later changes the tensor (native reads the array when the tensor is first
 * used).
 */
export function tensorOf<R extends tf.Rank>(values: ArrayLike<number>, shape: tf.ShapeMap[R]): tf.Tensor<R> {
  const size = tf.util.sizeFromShape(shape);
  if (values.length !== size) {
    throw new InvalidInputError('values', `expected ${size} for shape [${shape}], but got ${values.length}`);
  }
  return fillTensor<R>(shape, (array) => array.set(values));
}

/** A copy of a float32 tensor's values, in row-major order. */
export function readTensor(tensor: tf.Tensor): Float32Array {
  const values = tensor.dataSync<'float32'>();
  // The wasm backend has already copied; the others may return the array they compute with.
  return currentWasmBackend() === undefined ? values.slice() : values;
}

/** The value of a tensor of one element. */
export function readScalar(tensor: tf.Tensor): number {
  return tensor.dataSync()[0]!;
}

/**
 * How many tensors are alive, to find leaks. This is tfjs's count plus, on native, TensorFlow's own count, because tfjs
 * does not see TensorFlow's memory.
 */
export function countTensors(): number {
  const known = tf.memory().numTensors;
  const native = currentNativeBackend();
  if (native === undefined) return known;
  return known + native.getNumOfTFTensors() - countResourceVariables(native);
}
