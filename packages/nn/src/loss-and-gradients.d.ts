import * as tf from '@tensorflow/tfjs-core';
export interface LossAndGradients {
  readonly loss: tf.Scalar;
  /** One for each variable, in the order asked for. */
  readonly gradients: tf.Tensor[];
}
/**
 * `tf.variableGrads` with the gradients in the variables' order, as `Adam.step` takes them, and an error instead of
 * a missing gradient. Only what leads from these variables to the loss is differentiated. Loss and gradients are
 * the caller's, to dispose; everything else made by `loss` is freed unless it was given to `tf.keep`.
 *
 * @throws InvalidInputError if the loss does not depend on a variable or a variable is not trainable.
 */
export declare function lossAndGradients(
  loss: () => tf.Scalar,
  variables: readonly tf.Variable[],
): LossAndGradients;
//# sourceMappingURL=loss-and-gradients.d.ts.map
