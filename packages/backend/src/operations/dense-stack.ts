import { InvalidInputError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { fusedDenseStack } from '../kernels/dense-stack-fused.js';
import { isRecordingHigherOrder } from '../kernels/differentiable.js';
import { fusedKernels } from '../kernels/fused-kernels.js';
import { nativeDenseStack } from '../native/dense-stack-native.js';
import { nativeCompositions } from '../native/native-backend.js';
import { checkFloat32 } from './check-shape.js';
import { composedDenseStack } from './dense-stack-composed.js';
import { type DenseStackSpec, denseStackParameterCount } from './dense-stack-layout.js';

/** One tensor, or two whose columns lie side by side: [batch, k1] and [batch, k2] are read as [batch, k1 + k2]. */
export type DenseStackInput = tf.Tensor | readonly [tf.Tensor, tf.Tensor];

/**
 * A multilayer perceptron, or an ensemble of them: h_0 = x, h_(l+1) = activation_l(h_l W_l + b_l), or
 * activation_l(LN_l(h_l W_l + b_l)) in hidden layers with `spec.layerNormalization`; and the output is h_L.
 * Differentiable in `x` and in `parameters`; only the gradients you ask for are computed.
 *
 * @param x [batch, inputs], shared by all members, as one tensor or two; or [members, batch, inputs].
 * @param parameters all weights and biases in one flat tensor, laid out as `denseStackLayout` says.
 * @returns [batch, outputs], or [members, batch, outputs] if `spec.members` is given.
 * @throws InvalidInputError if a shape does not fit the specification, or a tensor is not float32.
 */
export function denseStack(x: DenseStackInput, parameters: tf.Tensor, spec: DenseStackSpec): tf.Tensor {
  const inputs = x instanceof tf.Tensor ? [x] : x;
  checkShapes(inputs, parameters, spec);
  if (!isRecordingHigherOrder()) {
    const kernels = fusedKernels();
    if (kernels !== undefined) return fusedDenseStack(kernels, inputs, parameters, spec);
    const native = nativeCompositions();
    if (native !== undefined && spec.layerNormalization === undefined) {
      return tf.tidy(() => nativeDenseStack(native, joined(inputs), parameters, spec));
    }
  }
  return tf.tidy(() => composedDenseStack(joined(inputs), parameters, spec));
}

/** The inputs as one tensor. */
export function joined(inputs: readonly tf.Tensor[]): tf.Tensor {
  return inputs.length === 1 ? inputs[0]! : tf.concat([...inputs], 1);
}

function checkShapes(x: readonly tf.Tensor[], parameters: tf.Tensor, spec: DenseStackSpec): void {
  const count = denseStackParameterCount(spec);
  checkStackInput(x, spec);
  checkFloat32('parameters', parameters);
  if (parameters.rank !== 1 || parameters.size !== count) {
    throw new InvalidInputError('parameters', `expected shape [${count}], but got [${parameters.shape}]`);
  }
}

/** @throws InvalidInputError unless x, one tensor or two, is an input of such a stack. */
export function checkStackInput(x: readonly tf.Tensor[], spec: DenseStackSpec): void {
  for (const [i, part] of x.entries()) checkFloat32(x.length === 1 ? 'x' : `x[${i}]`, part);
  const inputs = spec.sizes[0]!;
  const [first] = x as [tf.Tensor];
  const width = x.reduce((sum, { shape }) => sum + shape.at(-1)!, 0);
  const shared = x.every(({ rank, shape }) => rank === 2 && shape[0] === first.shape[0]) && width === inputs;
  const own = x.length === 1 && first.rank === 3 && spec.members === first.shape[0] && width === inputs;
  if (shared || own) return;
  const shapes = x.map(({ shape }) => `[${shape}]`).join(' and ');
  const one = spec.members === undefined ? '' : ` or [${spec.members}, batch, ${inputs}]`;
  const expected =
    x.length === 1 ? `shape [batch, ${inputs}]${one}` : `two of [batch, width], widths of ${inputs} together`;
  throw new InvalidInputError('x', `expected ${expected}, but got ${shapes}`);
}
