import { InvalidInputError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';

/** @throws InvalidInputError if `tensor` has not the shape of `reference`. */
export function checkSameShape(field: string, tensor: tf.Tensor, reference: tf.Tensor): void {
  if (!tf.util.arraysEqual(tensor.shape, reference.shape)) {
    throw new InvalidInputError(field, `expected shape [${reference.shape}], but got [${tensor.shape}]`);
  }
}
