import * as tf from '@tensorflow/tfjs-core';
import { activationCodes } from './activation-codes.js';
import type { FusedKernels } from './fused-kernels.js';
import type { Replacement } from './repair-stock-kernels.js';

interface Product {
  readonly a: tf.TensorInfo;
  readonly b: tf.TensorInfo;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly bias: number;
  readonly relu: boolean;
}

/** A (batched) matrix product, or undefined for other shapes, about which the stock kernel then complains. */
function multiply(kernels: FusedKernels, product: Product): tf.TensorInfo | undefined {
  const { a, b, transposeA, transposeB, bias, relu } = product;
  if (a.dtype !== 'float32' || b.dtype !== 'float32' || a.shape.length < 2 || b.shape.length < 2)
    return undefined;
  const [rowsA, columnsA] = a.shape.slice(-2) as [number, number];
  const [rowsB, columnsB] = b.shape.slice(-2) as [number, number];
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const [inner, n] = transposeB ? [columnsB, rowsB] : [rowsB, columnsB];
  const batchesA = a.shape.slice(0, -2);
  const batchesB = b.shape.slice(0, -2);
  const countA = tf.util.sizeFromShape(batchesA);
  const countB = tf.util.sizeFromShape(batchesB);
  // A batch of one is the same operand for every product; mixed broadcasting is left to the stock kernel.
  const plain = tf.util.arraysEqual(batchesA, batchesB) || countA === 1 || countB === 1;
  if (inner !== k || !plain) return undefined;

  const batches = tf.broadcast_util.assertAndGetBroadcastShape(batchesA, batchesB);
  const count = tf.util.sizeFromShape(batches);
  const out = kernels.backend.makeOutput([...batches, m, n], 'float32');
  const scratch = kernels.scratch.reserve(kernels.run.matrixMultiplyScratch(m, n, k));
  const stepA = countA === 1 ? 0 : 4 * m * k;
  const stepB = countB === 1 ? 0 : 4 * k * n;
  const from = kernels.address(a);
  const by = kernels.address(b);
  const to = kernels.address(out);
  for (let i = 0; i < count; i++) {
    kernels.run.matrixMultiply(
      from + i * stepA,
      by + i * stepB,
      to + 4 * i * m * n,
      m,
      n,
      k,
      transposeA,
      transposeB,
      bias,
      relu,
      0,
      false,
      scratch,
    );
  }
  return out;
}

/** `tf.matMul` */
export const matMul: Replacement = (kernels, { a, b }, { transposeA, transposeB }) =>
  multiply(kernels, {
    a: a!,
    b: b!,
    transposeA: transposeA as boolean,
    transposeB: transposeB as boolean,
    bias: 0,
    relu: false,
  });

/** `tf.fused.matMul`, for activations that our kernels have (the stock kernel lacks tanh). */
export const fusedMatMul: Replacement = (kernels, { a, b, bias }, attributes) => {
  const activation = attributes.activation as string;
  if (!(activation in activationCodes)) return undefined;
  const columns = attributes.transposeB ? b!.shape.at(-2) : b!.shape.at(-1);
  if (bias !== undefined && bias !== null && tf.util.sizeFromShape(bias.shape) !== columns) return undefined;
  const out = multiply(kernels, {
    a: a!,
    b: b!,
    transposeA: attributes.transposeA as boolean,
    transposeB: attributes.transposeB as boolean,
    bias: bias ? kernels.address(bias) : 0,
    relu: activation === 'relu',
  });
  if (out !== undefined && activation !== 'relu' && activation !== 'linear') {
    const address = kernels.address(out);
    const code = activationCodes[activation as keyof typeof activationCodes];
    kernels.run.activate(code, address, address, tf.util.sizeFromShape(out.shape));
  }
  return out;
};
