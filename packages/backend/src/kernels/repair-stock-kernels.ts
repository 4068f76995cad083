import { InvalidInputError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { activationCodes } from './activation-codes.js';
import { type FusedKernels, fusedKernels } from './fused-kernels.js';
import { fusedMatMul, matMul } from './stock-mat-mul.js';
import type { WasmBackend } from './wasm-backend.js';

/** Runs a kernel on the fused kernels, or returns undefined to leave this case to the stock kernel. */
export type Replacement = (
  kernels: FusedKernels,
  inputs: tf.NamedTensorInfoMap,
  attributes: tf.NamedAttrMap,
) => tf.TensorInfo | undefined;

/** The stock kernel loops over the C library's scalar function. */
const tanh: Replacement = (kernels, { x }) => {
  if (x!.dtype !== 'float32') return undefined;
  const out = kernels.backend.makeOutput(x!.shape, 'float32');
  kernels.run.activate(
    activationCodes.tanh,
    kernels.address(x!),
    kernels.address(out),
    tf.util.sizeFromShape(x!.shape),
  );
  return out;
};

/**
 * `clone`, which the tape calls on every tensor it saves. The stock kernel copies the values. As in the other backends,
 * it is enough to count one more owner: `FusedKernels.addressForUpdate` guards the only changes made in place.
 */
const identity: Replacement = ({ backend }, { x }) => {
  if (x!.dtype === 'string') return undefined;
  backend.incRef(x!.dataId);
  return { dataId: x!.dataId, shape: x!.shape, dtype: x!.dtype };
};

/** Sums rows by segment number. The gradient of `gather` needs this, and tfjs-wasm lacks it. */
const unsortedSegmentSum: tf.KernelFunc = ({ inputs, backend, attrs }) => {
  const { x, segmentIds } = inputs as { x: tf.TensorInfo; segmentIds: tf.TensorInfo };
  if (segmentIds.shape.length !== 1) {
    throw new InvalidInputError('segmentIds', `expected one dimension, but got shape [${segmentIds.shape}]`);
  }
  const count = attrs!.numSegments as number;
  const wasm = backend as WasmBackend;
  const [rows, ...rest] = x.shape as [number, ...number[]];
  const width = tf.util.sizeFromShape(rest);
  const out = wasm.makeOutput([count, ...rest], x.dtype);
  const sums = wasm.typedArrayFromHeap(out).fill(0);
  const values = wasm.typedArrayFromHeap(x);
  const segments = wasm.typedArrayFromHeap(segmentIds);
  for (let row = 0; row < rows; row++) {
    const segment = segments[row]!;
    // As in TensorFlow, a row whose segment does not exist is left out.
    if (segment < 0 || segment >= count) continue;
    for (let i = 0; i < width; i++) sums[segment * width + i]! += values[row * width + i]!;
  }
  return out;
};

function replaceKernel(kernelName: string, replacement: Replacement): void {
  const stock = tf.getKernel(kernelName, 'wasm');
  tf.unregisterKernel(kernelName, 'wasm');
  tf.registerKernel({
    ...stock,
    kernelFunc: (call) => {
      const kernels = fusedKernels();
      const attributes = call.attrs ?? {};
      return (kernels && replacement(kernels, call.inputs, attributes)) ?? stock.kernelFunc(call);
    },
  });
}

let repaired = false;

/**
 * Makes code written in plain tfjs train fast on the wasm backend. Stock tfjs-wasm 4.22 multiplies matrices on a
 * scalar path when one of them is transposed, which every gradient does, or when there is a batch of them.
 * `useFusedKernels(false)` brings the stock kernels back.
 */
export function repairStockKernels(): void {
  if (repaired) return;
  repaired = true;
  replaceKernel('BatchMatMul', matMul);
  replaceKernel('_FusedMatMul', fusedMatMul);
  replaceKernel('Identity', identity);
  replaceKernel('Tanh', tanh);
  tf.registerKernel({
    kernelName: 'UnsortedSegmentSum',
    backendName: 'wasm',
    kernelFunc: unsortedSegmentSum,
  });
}
