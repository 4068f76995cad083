import * as tf from '@tensorflow/tfjs-core';
import { fusedKernels } from '../kernels/fused-kernels.js';
import { runInPlace } from '../native/in-place.js';
import { nativeCompositions } from '../native/native-backend.js';
import { checkSameShape } from './check-shape.js';

export interface AdamStepOptions {
  /** Updated in place, as are the two moments; gradient and moments have the same shape. */
  readonly parameters: tf.Variable;
  readonly gradient: tf.Tensor;
  readonly firstMoment: tf.Variable;
  readonly secondMoment: tf.Variable;
  /** The number of this step, 1 for the first: it corrects the moments' bias towards zero. */
  readonly step: number;
  readonly learningRate: number;
  /** Default 0.9. */
  readonly beta1?: number | undefined;
  /** Default 0.999. */
  readonly beta2?: number | undefined;
  /** Added to the square root of the corrected second moment; default 1e-8. */
  readonly epsilon?: number | undefined;
}

/**
 * One step of Adam (Kingma and Ba 2015, algorithm 1), in place: m = beta1 m + (1 - beta1) g,
 * v = beta2 v + (1 - beta2) g^2, p -= learningRate (m / (1 - beta1^step)) / (sqrt(v / (1 - beta2^step)) + epsilon).
 *
 * @throws InvalidInputError if the shapes differ.
 */
export function adamStep(options: AdamStepOptions): void {
  const { parameters, gradient, firstMoment, secondMoment, step, learningRate } = options;
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  checkSameShape('gradient', gradient, parameters);
  checkSameShape('firstMoment', firstMoment, parameters);
  checkSameShape('secondMoment', secondMoment, parameters);
  const kernels = fusedKernels();
  if (kernels !== undefined) {
    kernels.run.adam(
      kernels.addressForUpdate(parameters),
      kernels.address(gradient),
      kernels.addressForUpdate(firstMoment),
      kernels.addressForUpdate(secondMoment),
      parameters.size,
      beta1,
      1 - beta1,
      beta2,
      1 - beta2,
      learningRate / (1 - beta1 ** step),
      1 / Math.sqrt(1 - beta2 ** step),
      epsilon,
    );
    return;
  }
  const native = nativeCompositions();
  if (native !== undefined) {
    // TensorFlow corrects the step size instead of the moments: with c1 = 1 - beta1^step and c2 = 1 - beta2^step it
    // uses learningRate sqrt(c2) / c1 and epsilon sqrt(c2). We pass these, and beta powers of 0, so that it does not
    // correct again in float32, where 1 - 0.999 keeps four digits. Rounding the betas to float32, as TensorFlow does,
    // keeps our corrections consistent with its moments.
    const root = Math.sqrt(1 - Math.fround(beta2) ** step);
    const rate = (learningRate * root) / (1 - Math.fround(beta1) ** step);
    const scalars = [0, 0, rate, beta1, beta2, epsilon * root];
    tf.tidy(() =>
      runInPlace(native, {
        name: 'ResourceApplyAdam',
        variables: [parameters, firstMoment, secondMoment],
        inputs: [...scalars.map((value) => tf.scalar(value)), gradient],
      }),
    );
    return;
  }
  tf.tidy(() => {
    firstMoment.assign(tf.add(tf.mul(firstMoment, beta1), tf.mul(gradient, 1 - beta1)));
    secondMoment.assign(tf.add(tf.mul(secondMoment, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
    const root = tf.sqrt(tf.div(secondMoment, 1 - beta2 ** step));
    const direction = tf.div(tf.div(firstMoment, 1 - beta1 ** step), tf.add(root, epsilon));
    parameters.assign(tf.sub(parameters, tf.mul(direction, learningRate)));
  });
}
