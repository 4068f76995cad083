import { InvalidInputError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';

export interface LossAndGradients {
  readonly loss: tf.Scalar;
  /** One gradient for each variable, in the given order. */
  readonly gradients: tf.Tensor[];
}

/**
 * `tf.variableGrads`, but with the gradients in the variables' order, as `Adam.step` takes them, and with an error
 * instead of a missing gradient. Only what leads from these variables to the loss is differentiated. The caller must
 * dispose the loss and the gradients; everything else made by `loss` is freed unless it was passed to `tf.keep`.
 *
 * @throws InvalidInputError if the loss does not depend on a variable or a variable is not trainable.
 */
export function lossAndGradients(loss: () => tf.Scalar, variables: readonly tf.Variable[]): LossAndGradients {
  const fixed = variables.findIndex(({ trainable }) => !trainable);
  if (fixed >= 0) {
    throw new InvalidInputError(
      `variables[${fixed}]`,
      'expected a trainable variable, got one that is not trainable, such as a target network',
    );
  }
  const { value, grads } = tf.variableGrads(loss, [...variables]);
  const missing = variables.findIndex(({ name }) => grads[name] === undefined);
  if (missing >= 0) {
    tf.dispose([value, grads as tf.NamedTensorMap]);
    throw new InvalidInputError(`variables[${missing}]`, 'the loss does not depend on it');
  }
  return { loss: value, gradients: variables.map(({ name }) => grads[name]!) };
}
