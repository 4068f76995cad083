import type * as tf from '@tensorflow/tfjs-core';
import type { DenseStackSpec } from '../operations/dense-stack-layout.js';
import {
  type CallAddresses,
  type ColumnRange,
  columnRanges,
  DenseStackCall,
  joinInputs,
} from './dense-stack-call.js';
import { sparseInputGradient } from './dense-stack-sparse.js';
import { isRecording, recordDifferentiable } from './differentiable.js';
import type { FusedKernels } from './fused-kernels.js';

/** `denseStack` on the fused kernels, of one input or of two that lie side by side. */
export function fusedDenseStack(
  kernels: FusedKernels,
  inputs: readonly tf.Tensor[],
  parameters: tf.Tensor,
  spec: DenseStackSpec,
): tf.Tensor {
  const [first] = inputs as [tf.Tensor];
  const call = new DenseStackCall(kernels, spec, first.shape[first.rank - 2]!, first.rank === 2);
  const columns = columnRanges(inputs);
  const joinedBytes = inputs.length === 1 ? 0 : 4 * call.batch * spec.sizes[0]!;

  /** Where x lies: the one input, or `joined`, which gets them side by side. */
  const inputAt = (joined: number): number => {
    if (joinedBytes === 0) return kernels.address(first);
    joinInputs(kernels, inputs, joined, spec.sizes[0]!);
    return joined;
  };

  if (!isRecording()) {
    const y = kernels.allocate(call.outputShape as [number, number]);
    const scratch = kernels.scratch.reserve(call.scratchBytes + call.keptBytes + joinedBytes);
    const hidden = scratch + call.scratchBytes;
    const x = inputAt(hidden + call.keptBytes);
    call.forward(x, kernels.address(parameters), hidden, kernels.address(y), scratch);
    return y;
  }
  return recordDifferentiable({
    // The tape asks in this order, so that the inputs' gradients can use what the parameters' gradient computed.
    inputs: { parameters, ...Object.fromEntries(inputs.map((input, i) => [`x${i}`, input])) },
    forwardFunc: (_, save) => {
      const kept = kernels.allocate<tf.Rank.R1>([(call.keptBytes + joinedBytes) / 4]);
      const y = kernels.allocate(call.outputShape as [number, number]);
      const scratch = kernels.scratch.reserve(call.scratchBytes);
      const hidden = kernels.address(kept);
      const x = inputAt(hidden + call.keptBytes);
      call.forward(x, kernels.address(parameters), hidden, kernels.address(y), scratch);
      save([
        parameters,
        kept,
        ...(joinedBytes === 0 ? [first] : []),
        ...(spec.outputActivation === 'linear' ? [] : [y]),
      ]);
      return y;
    },
    backwardsFunc: (dy, [savedParameters, kept, ...others]) => {
      const x = joinedBytes === 0 ? others.shift() : undefined;
      const [y] = others;
      // Addresses are looked up in the gradient functions: the saved tensors live until these have run.
      const addresses = (): CallAddresses => {
        const hidden = kernels.address(kept!);
        return {
          x: x === undefined ? hidden + call.keptBytes : kernels.address(x),
          parameters: kernels.address(savedParameters!),
          hidden,
          y: y === undefined ? 0 : kernels.address(y),
          dy: kernels.address(dy),
        };
      };
      return denseStackGradients(kernels, call, columns, addresses);
    },
  }) as tf.Tensor;
}

function denseStackGradients(
  kernels: FusedKernels,
  call: DenseStackCall,
  columns: readonly ColumnRange[],
  addresses: () => CallAddresses,
): Record<string, () => tf.Tensor> {
  const owner = {};
  let outputDelta = 0;

  /** The deltas, computed by whichever gradient is asked for first. */
  const findDeltas = (): number => {
    const deltas = kernels.deltas.reserve(call.deltaBytes);
    if (kernels.deltaOwner !== owner) {
      kernels.deltaOwner = owner;
      const from = addresses();
      const scratch = kernels.scratch.reserve(call.scratchBytes);
      outputDelta = call.backward(from.parameters, from.hidden, from.y, from.dy, deltas, scratch);
    }
    return deltas;
  };

  const parameterGradient = (): tf.Tensor => {
    const gradient = kernels.allocate<tf.Rank.R1>([call.parameterCount]);
    const deltas = findDeltas();
    const scratch = kernels.scratch.reserve(call.scratchBytes);
    const from = addresses();
    call.parameterGradient(from.x, from.hidden, outputDelta, deltas, kernels.address(gradient), scratch);
    return gradient;
  };
  const inputGradient = (range: ColumnRange): tf.Tensor => {
    const gradient = kernels.allocate(call.inputShape(range.columns) as [number, number]);
    if (kernels.deltaOwner !== owner && sparseInputGradient(kernels, call, range, addresses(), gradient)) {
      return gradient;
    }
    const deltas = findDeltas();
    const scratch = kernels.scratch.reserve(call.scratchBytes);
    const { parameters } = addresses();
    call.inputGradient(range, parameters, outputDelta, deltas, kernels.address(gradient), scratch);
    return gradient;
  };
  return {
    parameters: parameterGradient,
    ...Object.fromEntries(columns.map((range, i) => [`x${i}`, () => inputGradient(range)])),
  };
}
