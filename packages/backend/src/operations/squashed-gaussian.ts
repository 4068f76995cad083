import { InvalidInputError } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import { isRecordingHigherOrder } from '../kernels/differentiable.js';
import { fusedKernels } from '../kernels/fused-kernels.js';
import { fusedSquashedGaussian } from '../kernels/squashed-gaussian-fused.js';
import { nativeCompositions } from '../native/native-backend.js';
import { nativeSquashedGaussian } from '../native/squashed-gaussian-native.js';
import { checkFloat32 } from './check-shape.js';
import { composedSquashedGaussian } from './squashed-gaussian-composed.js';

export interface SquashedGaussianOptions {
  /** Lower clamp of the log standard deviation; default -20. */
  readonly minimumLogStd?: number;
  /** Upper clamp of the log standard deviation; default 2. */
  readonly maximumLogStd?: number;
}

export interface SquashedGaussianSample {
  /** tanh(rawAction), [batch, actions]. */
  readonly action: tf.Tensor2D;
  /** u = mean + exp(logStd) * noise, [batch, actions]. */
  readonly rawAction: tf.Tensor2D;
  /** Log-density of `action`, summed over its dimensions, [batch]; in nats. */
  readonly logProb: tf.Tensor1D;
}

/**
 * A reparameterized sample from a diagonal Gaussian squashed by tanh, and its log-density (Haarnoja et al. 2018,
 * appendix C): log pi(a) = sum_i log N(u_i; mean_i, std_i) - log(1 - tanh(u_i)^2), where the second term is written
 * 2 (log 2 - u - softplus(-2 u)), which neither overflows nor loses digits for large |u|. Differentiable in `head`; the
 * gradient with respect to a log standard deviation outside the clamp is zero.
 *
 * @param head [batch, 2 * actions]: means, then raw log standard deviations.
 * @param noise [batch, actions]: standard normal draws; no gradient flows to it.
 * @throws InvalidInputError if the shapes do not fit each other, or a tensor is not float32.
 */
export function squashedGaussian(
  head: tf.Tensor,
  noise: tf.Tensor,
  options: SquashedGaussianOptions = {},
): SquashedGaussianSample {
  checkFloat32('head', head);
  checkFloat32('noise', noise);
  const [batch, actions] = noise.shape;
  if (noise.rank !== 2 || head.rank !== 2 || head.shape[0] !== batch || head.shape[1] !== 2 * actions!) {
    throw new InvalidInputError(
      'head',
      `expected shape [batch, 2 * actions] with noise of shape [batch, actions], but got [${head.shape}] with [${noise.shape}]`,
    );
  }
  const minimum = options.minimumLogStd ?? -20;
  const maximum = options.maximumLogStd ?? 2;
  const call = [head as tf.Tensor2D, noise as tf.Tensor2D, minimum, maximum] as const;
  if (!isRecordingHigherOrder()) {
    const kernels = fusedKernels();
    if (kernels !== undefined) return fusedSquashedGaussian(kernels, ...call);
    const native = nativeCompositions();
    if (native !== undefined) return nativeSquashedGaussian(native, ...call);
  }
  return composedSquashedGaussian(...call);
}
