import { InvalidInputError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { fusedAffineCoupling } from '../kernels/affine-coupling-fused.js';
import { isRecordingHigherOrder } from '../kernels/differentiable.js';
import { fusedKernels } from '../kernels/fused-kernels.js';
import { nativeAffineCoupling } from '../native/affine-coupling-native.js';
import { nativeCompositions } from '../native/native-backend.js';
import { composedAffineCoupling } from './affine-coupling-composed.js';
import { checkFloat32 } from './check-shape.js';

export interface AffineCouplingSpec {
  /** The number of entries of x. */
  readonly size: number;
  /** How many entries pass unchanged and determine what happens to the others: 0 to `size` - 1. */
  readonly kept: number;
  /** Whether the first or the last entries are kept. */
  readonly keeps: 'first' | 'last';
  /** H, the number of units in the conditioner's hidden layer. */
  readonly hiddenSize: number;
  /** M, the bound on the absolute log scale: s = M tanh(raw / M). */
  readonly maximumLogScale: number;
}

export interface AffineCouplingOptions {
  /** [batch, C]. H of its columns, from `contextOffset` on, are added to the hidden layer before its activation. */
  readonly context?: tf.Tensor2D | undefined;
  /** Default 0. Several layers can share one context, each reading its own columns. */
  readonly contextOffset?: number | undefined;
  /** Invert the map; default false. */
  readonly inverse?: boolean | undefined;
}

// `tf.tidy` accepts a type here, but not an interface.
export type CouplingResult = {
  /** [batch, size] */
  readonly y: tf.Tensor2D;
  /** log |det dy/dx|, [batch]. */
  readonly logDet: tf.Tensor1D;
};

/** The number of weights and biases of a conditioner: kept H + H + 2 (size - kept) (H + 1). */
export function affineCouplingParameterCount({ size, kept, hiddenSize }: AffineCouplingSpec): number {
  return (kept + 1) * hiddenSize + 2 * (size - kept) * (hiddenSize + 1);
}

/**
 * An affine coupling layer (Dinh et al. 2017, "Density estimation using Real NVP", section 3.2) with a conditioner of
 * one hidden layer. The kept entries k pass unchanged; the others, c, become y = c exp(s) + t, where
 * hidden = tanh(k weight1 + bias1 + context), [raw, t] = weight2 hidden + bias2 and s = M tanh(raw / M). The inverse is
 * (c - t) exp(-s), as cheap as the map itself. If the context is a linear map of an embedding, the hidden layer is a
 * layer over [k, embedding].
 *
 * Differentiable in x, parameters and context, in both directions.
 *
 * @param x [batch, size]
 * @param parameters one flat tensor: weight1 [kept, H], bias1 [H], weight2 [2 (size - kept), H], bias2.
 * @throws InvalidInputError if a shape does not fit the specification, a tensor is not float32, or `contextOffset` is
 * not a whole number of at least 0.
 */
export function affineCoupling(
  x: tf.Tensor,
  parameters: tf.Tensor,
  spec: AffineCouplingSpec,
  { context, contextOffset = 0, inverse = false }: AffineCouplingOptions = {},
): CouplingResult {
  checkArguments(x, parameters, spec, context, contextOffset);
  const call = {
    x: x as tf.Tensor2D,
    parameters: parameters as tf.Tensor1D,
    spec,
    context,
    contextOffset,
    inverse,
  };
  if (!isRecordingHigherOrder()) {
    const kernels = fusedKernels();
    if (kernels !== undefined) return fusedAffineCoupling(kernels, call);
    const native = nativeCompositions();
    if (native !== undefined) return nativeAffineCoupling(native, call);
  }
  return tf.tidy(() => composedAffineCoupling(call));
}

/** One call with its defaults filled in. */
export interface AffineCouplingCall {
  readonly x: tf.Tensor2D;
  readonly parameters: tf.Tensor1D;
  readonly spec: AffineCouplingSpec;
  readonly context: tf.Tensor2D | undefined;
  readonly contextOffset: number;
  readonly inverse: boolean;
}

/**
 * Throws InvalidInputError unless `contextOffset` is a whole number of at least 0. With any other, kernels would read
 * out of bounds.
 */
export function requireContextOffset(contextOffset: number): void {
  if (!Number.isSafeInteger(contextOffset) || contextOffset < 0) {
    throw new InvalidInputError(
      'contextOffset',
      `expected a whole number of at least 0, got ${contextOffset}`,
    );
  }
}

function checkArguments(
  x: tf.Tensor,
  parameters: tf.Tensor,
  spec: AffineCouplingSpec,
  context: tf.Tensor | undefined,
  contextOffset: number,
): void {
  const { size, kept, hiddenSize, maximumLogScale } = spec;
  if (!Number.isInteger(kept) || kept < 0 || kept >= size) {
    throw new InvalidInputError('kept', `expected an integer from 0 to size - 1 = ${size - 1}, got ${kept}`);
  }
  if (!(maximumLogScale > 0)) {
    throw new InvalidInputError('maximumLogScale', `expected a positive number, got ${maximumLogScale}`);
  }
  checkFloat32('x', x);
  checkFloat32('parameters', parameters);
  if (x.rank !== 2 || x.shape[1] !== size) {
    throw new InvalidInputError('x', `expected shape [batch, ${size}], got [${x.shape}]`);
  }
  const count = affineCouplingParameterCount(spec);
  if (parameters.rank !== 1 || parameters.size !== count) {
    throw new InvalidInputError('parameters', `expected shape [${count}], got [${parameters.shape}]`);
  }
  requireContextOffset(contextOffset);
  if (context === undefined) return;
  checkFloat32('context', context);
  const [batch, width] = context.shape;
  if (context.rank !== 2 || batch !== x.shape[0] || !(contextOffset + hiddenSize <= width!)) {
    throw new InvalidInputError(
      'context',
      `expected shape [${x.shape[0]}, at least ${contextOffset + hiddenSize}], got [${context.shape}]`,
    );
  }
}
