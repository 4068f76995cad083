import * as tf from '@tensorflow/tfjs-core';
import { denseStackParameterCount } from '../operations/dense-stack-layout.js';
import type { NormalizedStackCallOptions } from '../operations/normalized-stack.js';
import { type NormalizedStackSpec, normalizedStackLayout } from '../operations/normalized-stack-layout.js';
import { type ColumnRange, columnRanges, joinInputs } from './dense-stack-call.js';
import { isRecording, recordDifferentiable } from './differentiable.js';
import type { FusedKernels } from './fused-kernels.js';
import { type NormalizedCallAddresses, NormalizedStackCall } from './normalized-stack-call.js';

/** `normalizedStack` on the fused kernels, of one input or of two that lie side by side. */
export function fusedNormalizedStack(
  kernels: FusedKernels,
  inputs: readonly tf.Tensor[],
  { parameters, statistics, spec, renormalize }: NormalizedStackCallOptions,
): tf.Tensor {
  const [first] = inputs as [tf.Tensor];
  const call = new NormalizedStackCall(kernels, spec, first.shape[first.rank - 2]!, first.rank === 2);
  const columns = columnRanges(inputs);
  const width = spec.sizes[0]!;
  // Two inputs are joined behind the kept values.
  const joinedBytes = inputs.length === 1 ? 0 : 4 * call.batch * width;
  const count = (call.keptBytes + joinedBytes) / 4;

  const forward = (kept: number): tf.Tensor => {
    const y = kernels.allocate(call.outputShape as [number, number]);
    const scratch = kernels.scratch.reserve(call.scratchBytes);
    const x = joinedBytes === 0 ? kernels.address(first) : kept + call.keptBytes;
    if (joinedBytes > 0) joinInputs(kernels, inputs, x, width);
    const addresses = { x, parameters: kernels.address(parameters), kept, y: kernels.address(y) };
    call.forward(addresses, kernels.addressForUpdate(statistics), renormalize, scratch);
    return y;
  };

  if (!isRecording()) {
    const kept = kernels.allocate<tf.Rank.R1>([count]);
    const y = forward(kernels.address(kept));
    kept.dispose();
    return y;
  }
  return recordDifferentiable({
    // The tape asks in this order, so that the inputs' gradients can use what the parameters' gradient computed.
    inputs: { parameters, ...Object.fromEntries(inputs.map((input, i) => [`x${i}`, input])) },
    forwardFunc: (_, save) => {
      const kept = kernels.allocate<tf.Rank.R1>([count]);
      const y = forward(kernels.address(kept));
      const linear = spec.outputActivation === 'linear';
      save([parameters, kept, ...(joinedBytes === 0 ? [first] : []), ...(linear ? [] : [y])]);
      return y;
    },
    backwardsFunc: (dy, [savedParameters, kept, ...others]) => {
      const x = joinedBytes === 0 ? others.shift() : undefined;
      const [y] = others;
      // Addresses are looked up in the gradient functions: the saved tensors live until these have run.
      const addresses = (): NormalizedCallAddresses => ({
        x: x === undefined ? kernels.address(kept!) + call.keptBytes : kernels.address(x),
        parameters: kernels.address(savedParameters!),
        kept: kernels.address(kept!),
        y: y === undefined ? 0 : kernels.address(y),
        dy: kernels.address(dy),
      });
      return normalizedStackGradients(kernels, call, columns, addresses);
    },
  }) as tf.Tensor;
}

function normalizedStackGradients(
  kernels: FusedKernels,
  call: NormalizedStackCall,
  columns: readonly ColumnRange[],
  addresses: () => NormalizedCallAddresses,
): Record<string, () => tf.Tensor> {
  const owner = {};
  let outputDelta = 0;

  /** The deltas, computed by whichever gradient is asked for first. */
  const findDeltas = (): number => {
    const deltas = kernels.deltas.reserve(call.deltaBytes + 4 * call.outputCount);
    if (kernels.deltaOwner !== owner) {
      kernels.deltaOwner = owner;
      const scratch = kernels.scratch.reserve(call.scratchBytes);
      outputDelta = call.backward(addresses(), deltas, scratch);
    }
    return deltas;
  };

  const parameterGradient = (): tf.Tensor => {
    const gradient = kernels.allocate<tf.Rank.R1>([call.parameterCount]);
    const deltas = findDeltas();
    const scratch = kernels.scratch.reserve(call.scratchBytes);
    call.parameterGradient(addresses().kept, outputDelta, deltas, kernels.address(gradient), scratch);
    return gradient;
  };

  const width = call.spec.sizes[0]!;
  const memberShape = [call.batch, width] as [number, number];

  /** The gradient in all columns of one member's x. */
  const memberGradient = (member: number): tf.Tensor2D => {
    const gradient = kernels.allocate<tf.Rank.R2>(memberShape);
    const deltas = findDeltas();
    const { x, kept } = addresses();
    call.inputGradient(member, x, kept, deltas, kernels.address(gradient));
    return gradient;
  };

  const inputGradient = (range: ColumnRange): tf.Tensor =>
    tf.tidy(() => {
      const members = Array.from({ length: call.members }, (_, member) => memberGradient(member));
      // An input that the members share gets the sum of their gradients.
      if (!call.sharedInput) return tf.stack(members);
      const sum = members.length === 1 ? members[0]! : tf.addN(members);
      return tf.slice(sum, [0, range.first], [call.batch, range.columns]);
    });

  return {
    parameters: parameterGradient,
    ...Object.fromEntries(columns.map((range, i) => [`x${i}`, () => inputGradient(range)])),
  };
}

/** `foldNormalization` on the fused kernels. */
export function fusedFoldNormalization(
  kernels: FusedKernels,
  parameters: tf.Tensor,
  statistics: tf.Tensor,
  spec: NormalizedStackSpec,
): tf.Tensor1D {
  const folded = kernels.allocate<tf.Rank.R1>([denseStackParameterCount(spec)]);
  const scratch = kernels.scratch.reserve(8 * Math.max(...spec.sizes));
  let out = kernels.address(folded);
  for (const { scale, mean, weight } of normalizedStackLayout(spec)) {
    const [inputs, outputs] = weight.shape;
    kernels.run.foldNormalization(
      kernels.address(parameters) + 4 * scale.offset,
      kernels.address(statistics) + 4 * mean.offset,
      out,
      inputs,
      outputs,
      spec.epsilon,
      scratch,
    );
    out += 4 * (inputs + 1) * outputs;
  }
  return folded;
}
