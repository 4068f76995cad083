import { InvalidInputError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';

/** @throws InvalidInputError if `tensor` does not hold float32 values. */
export function checkFloat32(field: string, tensor: tf.Tensor): void {
  if (tensor.dtype !== 'float32') {
    throw new InvalidInputError(field, `expected a float32 tensor, but got ${tensor.dtype}; use tf.cast`);
  }
}

/** @throws InvalidInputError if `tensor` is not float32, or if its shape differs from the shape of `reference`. */
export function checkSameShape(field: string, tensor: tf.Tensor, reference: tf.Tensor): void {
  checkFloat32(field, tensor);
  if (!tf.util.arraysEqual(tensor.shape, reference.shape)) {
    throw new InvalidInputError(field, `expected shape [${reference.shape}], but got [${tensor.shape}]`);
  }
}
