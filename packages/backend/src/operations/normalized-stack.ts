import { InvalidInputError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { isRecording, isRecordingHigherOrder } from '../kernels/differentiable.js';
import { fusedKernels } from '../kernels/fused-kernels.js';
import { fusedFoldNormalization, fusedNormalizedStack } from '../kernels/normalized-stack-fused.js';
import { checkFloat32 } from './check-shape.js';
import { checkStackInput, type DenseStackInput, joined } from './dense-stack.js';
import { composedFoldNormalization, composedNormalizedStack } from './normalized-stack-composed.js';
import { type NormalizedStackSpec, normalizedStackCounts } from './normalized-stack-layout.js';

export interface NormalizedStackOptions {
  /** Renormalize the batch's statistics toward the running ones; default false. */
  readonly renormalize?: boolean | undefined;
}

/**
 * A training pass of a perceptron, or an ensemble of them, with batch normalization before each dense layer: h_0 = x,
 * h_(l+1) = activation_l(norm_l(h_l) W_l + b_l), and the output is h_L. With mu and s2 the mean and the biased variance of
 * a feature over the batch, m and v the running ones, sigma = sqrt(s2 + epsilon) and sr = sqrt(v + epsilon):
 *
 *   norm(x) = scale (r (x - mu) / sigma + q) + shift,  r = 1, q = 0
 *
 * or, renormalized (Ioffe 2017, arXiv 1702.03275), r = clip(sigma / sr, 1/3, 3) and q = clip((mu - m) / sr, -5, 5).
 * Unclipped, that equals the evaluation pass, scale (x - m) / sr + shift. Afterwards m and v move toward mu and s2:
 * m = momentum m + (1 - momentum) mu, v alike. Each member has its own statistics.
 *
 * Differentiable in `x` and in `parameters`. Gradients lead through mu and s2, so every row of the batch has one, also
 * where the gradient of its output is zero; r and q are constants.
 *
 * @param x [batch, inputs], shared by all members, as one tensor or two; or [members, batch, inputs].
 * @param parameters all scales, shifts, weights and biases in one flat tensor, laid out as `normalizedStackLayout` says.
 * @param statistics all running means and variances, laid out there too; changed in place.
 * @returns [batch, outputs], or [members, batch, outputs] if `spec.members` is given.
 * @throws InvalidInputError if a shape does not fit the specification, a tensor is not float32, or the batch is empty.
 */
export function normalizedStack(
  x: DenseStackInput,
  parameters: tf.Tensor,
  statistics: tf.Variable,
  spec: NormalizedStackSpec,
  { renormalize = false }: NormalizedStackOptions = {},
): tf.Tensor {
  const inputs = x instanceof tf.Tensor ? [x] : x;
  checkNumbers(parameters, statistics, spec);
  checkStackInput(inputs, spec);
  const [first] = inputs as [tf.Tensor];
  if (first.shape[first.rank - 2] === 0) {
    throw new InvalidInputError('x', 'expected at least one row, because statistics are taken over them');
  }
  const kernels = isRecordingHigherOrder() ? undefined : fusedKernels();
  const call = { parameters, statistics, spec, renormalize };
  if (kernels !== undefined) return fusedNormalizedStack(kernels, inputs, call);
  return tf.tidy(() => composedNormalizedStack(joined(inputs), call));
}

/** One call with its defaults filled in. */
export interface NormalizedStackCallOptions {
  readonly parameters: tf.Tensor;
  readonly statistics: tf.Variable;
  readonly spec: NormalizedStackSpec;
  readonly renormalize: boolean;
}

/**
 * The parameters of the plain dense stack, laid out as `denseStackLayout` says, that computes the evaluation pass:
 * norm(x) = scale (x - m) / sqrt(v + epsilon) + shift, with the running statistics, followed by a dense layer, is again a
 * dense layer. Differentiable, but not fused while a gradient is being recorded.
 *
 * @throws InvalidInputError if a shape does not fit the specification, or a tensor is not float32.
 */
export function foldNormalization(
  parameters: tf.Tensor,
  statistics: tf.Tensor,
  spec: NormalizedStackSpec,
): tf.Tensor1D {
  checkNumbers(parameters, statistics, spec);
  const kernels = isRecording() ? undefined : fusedKernels();
  return kernels === undefined
    ? tf.tidy(() => composedFoldNormalization(parameters, statistics, spec))
    : fusedFoldNormalization(kernels, parameters, statistics, spec);
}

function checkNumbers(parameters: tf.Tensor, statistics: tf.Tensor, spec: NormalizedStackSpec): void {
  const counts = normalizedStackCounts(spec);
  for (const [name, tensor] of Object.entries({ parameters, statistics })) {
    checkFloat32(name, tensor);
    const count = counts[name as keyof typeof counts];
    if (tensor.rank !== 1 || tensor.size !== count) {
      throw new InvalidInputError(name, `expected shape [${count}], but got [${tensor.shape}]`);
    }
  }
}
