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

/**
 * A multilayer perceptron, or an ensemble of them: h_0 = x, h_(l+1) = activation_l(h_l W_l + b_l),
 * and the output is h_L.
 * Differentiable in `x` and in `parameters`; only the gradients you ask for are computed.
 *
 * @param x [batch, inputs], shared by all members, or [members, batch, inputs].
 * @param parameters all weights and biases in one flat tensor, laid out as `denseStackLayout` says.
 * @returns [batch, outputs], or [members, batch, outputs] if `spec.members` is given.
 * @throws InvalidInputError if a shape does not fit the specification, or a tensor is not float32.
 */
export function denseStack(x: tf.Tensor, parameters: tf.Tensor, spec: DenseStackSpec): tf.Tensor {
  checkShapes(x, parameters, spec);
  if (!isRecordingHigherOrder()) {
    const kernels = fusedKernels();
    if (kernels !== undefined) return fusedDenseStack(kernels, x, parameters, spec);
    const native = nativeCompositions();
    if (native !== undefined) return nativeDenseStack(native, x, parameters, spec);
  }
  return tf.tidy(() => composedDenseStack(x, parameters, spec));
}

function checkShapes(x: tf.Tensor, parameters: tf.Tensor, spec: DenseStackSpec): void {
  checkFloat32('x', x);
  checkFloat32('parameters', parameters);
  const count = denseStackParameterCount(spec);
  const inputs = spec.sizes[0]!;
  const shared = x.rank === 2 && x.shape[1] === inputs;
  const own = x.rank === 3 && spec.members === x.shape[0] && x.shape[2] === inputs;
  if (!shared && !own) {
    const expected =
      spec.members === undefined
        ? `[batch, ${inputs}]`
        : `[batch, ${inputs}] or [${spec.members}, batch, ${inputs}]`;
    throw new InvalidInputError('x', `expected shape ${expected}, but got [${x.shape}]`);
  }
  if (parameters.rank !== 1 || parameters.size !== count) {
    throw new InvalidInputError('parameters', `expected shape [${count}], but got [${parameters.shape}]`);
  }
}
