import * as tf from '@tensorflow/tfjs-core';
import { applyActivation } from './activation.js';
import { type DenseStackSpec, denseStackMemberParameterCount } from './dense-stack-layout.js';

/** `denseStack` in tfjs operations. Every backend can run it; the fused kernels are tested against it. */
export function composedDenseStack(x: tf.Tensor, parameters: tf.Tensor, spec: DenseStackSpec): tf.Tensor {
  const { sizes, hiddenActivation, outputActivation } = spec;
  const members = spec.members ?? 1;
  const table = tf.reshape(parameters, [members, denseStackMemberParameterCount(sizes)]);
  const sharedInput = x.rank === 2;
  let activations = sharedInput ? tf.tile(tf.expandDims(x, 0), [members, 1, 1]) : x;
  let offset = 0;
  for (let layer = 0; layer + 1 < sizes.length; layer++) {
    const inputs = sizes[layer]!;
    const outputs = sizes[layer + 1]!;
    const weight = tf.reshape(tf.slice(table, [0, offset], [members, inputs * outputs]), [
      members,
      inputs,
      outputs,
    ]);
    offset += inputs * outputs;
    const bias = tf.reshape(tf.slice(table, [0, offset], [members, outputs]), [members, 1, outputs]);
    offset += outputs;
    const last = layer + 2 === sizes.length;
    activations = applyActivation(
      tf.add(tf.matMul(activations, weight), bias),
      last ? outputActivation : hiddenActivation,
    );
  }
  return spec.members === undefined ? tf.squeeze(activations, [0]) : activations;
}
