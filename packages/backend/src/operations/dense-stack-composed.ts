import * as tf from '@tensorflow/tfjs-core';
import { applyActivation } from './activation.js';
import { type DenseStackSpec, denseStackMemberParameterCount, isNormalized } from './dense-stack-layout.js';

/** `denseStack` in tfjs operations. Every backend can run it; the fused kernels are tested against it. */
export function composedDenseStack(x: tf.Tensor, parameters: tf.Tensor, spec: DenseStackSpec): tf.Tensor {
  const { sizes, hiddenActivation, outputActivation } = spec;
  const members = spec.members ?? 1;
  const table = tf.reshape(parameters, [members, denseStackMemberParameterCount(spec)]);
  const sharedInput = x.rank === 2;
  let activations = sharedInput ? tf.tile(tf.expandDims(x, 0), [members, 1, 1]) : x;
  let offset = 0;
  /** The next parameters of each member, [members, rows, columns]. */
  const take = (rows: number, columns: number): tf.Tensor => {
    const part = tf.slice(table, [0, offset], [members, rows * columns]);
    offset += rows * columns;
    return tf.reshape(part, [members, rows, columns]);
  };
  for (let layer = 0; layer + 1 < sizes.length; layer++) {
    const inputs = sizes[layer]!;
    const outputs = sizes[layer + 1]!;
    const weight = take(inputs, outputs);
    const bias = take(1, outputs);
    activations = tf.add(tf.matMul(activations, weight), bias);
    if (isNormalized(spec, layer)) {
      const centered = tf.sub(activations, tf.mean(activations, 2, true));
      const variance = tf.mean(tf.square(centered), 2, true);
      const z = tf.div(centered, tf.sqrt(tf.add(variance, spec.layerNormalization!.epsilon)));
      activations = tf.add(tf.mul(z, take(1, outputs)), take(1, outputs));
    }
    const last = layer + 2 === sizes.length;
    activations = applyActivation(activations, last ? outputActivation : hiddenActivation);
  }
  return spec.members === undefined ? tf.squeeze(activations, [0]) : activations;
}
