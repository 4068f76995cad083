import type * as tf from '@tensorflow/tfjs-core';
import type { DenseStackSpec } from '../operations/dense-stack-layout.js';
import { DenseStackCall } from './dense-stack-call.js';
import { sparseInputGradient } from './dense-stack-sparse.js';
import { isRecording, recordDifferentiable } from './differentiable.js';
import type { FusedKernels } from './fused-kernels.js';

/** `denseStack` on the fused kernels. */
export function fusedDenseStack(
  kernels: FusedKernels,
  x: tf.Tensor,
  parameters: tf.Tensor,
  spec: DenseStackSpec,
): tf.Tensor {
  const call = new DenseStackCall(kernels, spec, x.shape[x.rank - 2]!, x.rank === 2);
  if (!isRecording()) {
    const y = kernels.allocate(call.outputShape as [number, number]);
    const scratch = kernels.scratch.reserve(call.hiddenBytes + call.multiplyBytes);
    const hidden = scratch + call.multiplyBytes;
    call.forward(kernels.address(x), kernels.address(parameters), hidden, kernels.address(y), scratch);
    return y;
  }
  return recordDifferentiable({
    // The tape asks in this order, so the input's gradient can reuse what the parameters' gradient computed.
    inputs: { parameters, x },
    forwardFunc: (_, save) => {
      const hidden = kernels.allocate<tf.Rank.R1>([call.hiddenBytes / 4]);
      const y = kernels.allocate(call.outputShape as [number, number]);
      const scratch = kernels.scratch.reserve(call.multiplyBytes);
      call.forward(
        kernels.address(x),
        kernels.address(parameters),
        kernels.address(hidden),
        kernels.address(y),
        scratch,
      );
      save(spec.outputActivation === 'linear' ? [x, parameters, hidden] : [x, parameters, hidden, y]);
      return y;
    },
    backwardsFunc: (dy, saved) => denseStackGradients(kernels, call, dy, saved),
  }) as tf.Tensor;
}

function denseStackGradients(
  kernels: FusedKernels,
  call: DenseStackCall,
  dy: tf.Tensor,
  [x, parameters, hidden, y]: tf.Tensor[],
): Record<'x' | 'parameters', () => tf.Tensor> {
  // The gradient functions look the addresses up when they run: the saved tensors live until then.
  const addresses = () => ({
    x: kernels.address(x!),
    parameters: kernels.address(parameters!),
    hidden: kernels.address(hidden!),
    y: y === undefined ? 0 : kernels.address(y),
    dy: kernels.address(dy),
  });
  const owner = {};
  let outputDelta = 0;

  /** The deltas, computed when the first of the gradients is asked for. */
  const findDeltas = (): number => {
    const deltas = kernels.deltas.reserve(call.hiddenBytes + 4 * dy.size);
    if (kernels.deltaOwner !== owner) {
      kernels.deltaOwner = owner;
      const from = addresses();
      const scratch = kernels.scratch.reserve(call.multiplyBytes);
      outputDelta = call.backward(from.parameters, from.hidden, from.y, from.dy, deltas, scratch);
    }
    return deltas;
  };

  return {
    parameters: () => {
      const gradient = kernels.allocate(parameters!.shape as [number]);
      const deltas = findDeltas();
      const scratch = kernels.scratch.reserve(call.multiplyBytes);
      const from = addresses();
      call.parameterGradient(from.x, from.hidden, outputDelta, deltas, kernels.address(gradient), scratch);
      return gradient;
    },
    x: () => {
      const gradient = kernels.allocate(x!.shape as [number, number]);
      if (kernels.deltaOwner !== owner && sparseInputGradient(kernels, call, addresses(), gradient)) {
        return gradient;
      }
      const deltas = findDeltas();
      const scratch = kernels.scratch.reserve(call.multiplyBytes);
      call.inputGradient(addresses().parameters, outputDelta, deltas, kernels.address(gradient), scratch);
      return gradient;
    },
  };
}
