import type * as tf from '@tensorflow/tfjs-core';
import type { AffineCouplingCall, CouplingResult } from '../operations/affine-coupling.js';
import { isRecording, recordDifferentiable } from './differentiable.js';
import type { FusedKernels } from './fused-kernels.js';

/** `affineCoupling` on the fused kernels. */
export function fusedAffineCoupling(kernels: FusedKernels, call: AffineCouplingCall): CouplingResult {
  const { x, parameters, context } = call;
  const { size, kept, hiddenSize } = call.spec;
  const [batch] = x.shape;

  const forward = (hidden: number, logScale: number): [tf.Tensor2D, tf.Tensor1D] => {
    const y = kernels.allocate<tf.Rank.R2>([batch, size]);
    const logDet = kernels.allocate<tf.Rank.R1>([batch]);
    kernels.run.affineCoupling(
      kernels.address(x),
      kernels.address(parameters),
      context === undefined ? 0 : kernels.address(context) + 4 * call.contextOffset,
      kernels.address(y),
      kernels.address(logDet),
      hidden,
      logScale,
      ...sizesOf(call),
    );
    return [y, logDet];
  };

  const hiddenCount = batch * hiddenSize;
  const scaleCount = batch * (size - kept);
  if (!isRecording()) {
    const hidden = kernels.scratch.reserve(4 * (hiddenCount + scaleCount));
    const [y, logDet] = forward(hidden, hidden + 4 * hiddenCount);
    return { y, logDet };
  }
  const outputs = recordDifferentiable({
    inputs: { x, parameters, ...(context && { context }) },
    forwardFunc: (_, save) => {
      // This holds the hidden units, then the log scales.
      const inner = kernels.allocate<tf.Rank.R1>([hiddenCount + scaleCount]);
      const computed = forward(kernels.address(inner), kernels.address(inner) + 4 * hiddenCount);
      save([x, parameters, computed[0], inner]);
      return computed;
    },
    backwardsFunc: (gradients, saved) => couplingGradients(kernels, call, gradients, saved),
  });
  const [y, logDet] = outputs as [tf.Tensor2D, tf.Tensor1D];
  return { y, logDet };
}

function couplingGradients(
  kernels: FusedKernels,
  call: AffineCouplingCall,
  [dy, dLogDet]: tf.Tensor[],
  [x, parameters, y, inner]: tf.Tensor[],
): Record<'x' | 'parameters' | 'context', () => tf.Tensor> {
  const { context, contextOffset, spec } = call;
  const contextCount = context?.size ?? 0;
  const owner = {};

  /** The address of all three gradients (x, parameters, context), computed when the first of them is asked for. */
  const findGradients = (): number => {
    const counts = x!.size + parameters!.size + contextCount;
    const all = kernels.deltas.reserve(4 * (counts + spec.hiddenSize));
    if (kernels.deltaOwner === owner) return all;
    kernels.deltaOwner = owner;
    const dParameters = all + 4 * x!.size;
    const dContext = dParameters + 4 * parameters!.size;
    const hidden = kernels.address(inner!);
    kernels.backend.wasm.HEAPU8.fill(0, dContext, dContext + 4 * contextCount);
    kernels.run.affineCouplingGradient(
      kernels.address(x!),
      kernels.address(parameters!),
      kernels.address(y!),
      hidden,
      hidden + 4 * x!.shape[0]! * spec.hiddenSize,
      kernels.address(dy!),
      kernels.address(dLogDet!),
      all,
      dParameters,
      context === undefined ? 0 : dContext + 4 * contextOffset,
      all + 4 * counts,
      ...sizesOf(call),
    );
    return all;
  };

  const copied = (like: tf.Tensor, offset: number) => (): tf.Tensor => {
    const gradient = kernels.allocate(like.shape as [number, number]);
    const from = findGradients() + 4 * offset;
    kernels.backend.wasm.HEAPU8.copyWithin(kernels.address(gradient), from, from + 4 * like.size);
    return gradient;
  };
  return {
    x: copied(x!, 0),
    parameters: copied(parameters!, x!.size),
    context: copied(context ?? x!, x!.size + parameters!.size),
  };
}

/** The last arguments of both kernels, from `batch` on. */
function sizesOf({ x, spec, context, inverse }: AffineCouplingCall) {
  const { size, kept, keeps, hiddenSize, maximumLogScale } = spec;
  const firstChanged = keeps === 'first' ? kept : 0;
  const stride = context?.shape[1] ?? 0;
  return [x.shape[0], size, size - kept, firstChanged, hiddenSize, stride, maximumLogScale, inverse] as const;
}
