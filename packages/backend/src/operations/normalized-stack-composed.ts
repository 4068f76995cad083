import * as tf from '@tensorflow/tfjs-core';
import { withoutGradient } from '../kernels/differentiable.js';
import { applyActivation } from './activation.js';
import type { NormalizedStackCallOptions } from './normalized-stack.js';
import { type NormalizedStackSpec, normalizedStackCounts } from './normalized-stack-layout.js';

/** Bounds of r and q of batch renormalization; the kernels have them too. */
const BOUNDS = { minimumR: 1 / 3, maximumR: 3, maximumQ: 5 };

/** `normalizedStack` in tfjs operations. Every backend can run it; the fused kernels are tested against it. */
export function composedNormalizedStack(
  x: tf.Tensor,
  { parameters, statistics, spec, renormalize }: NormalizedStackCallOptions,
): tf.Tensor {
  const { epsilon, momentum, sizes, hiddenActivation, outputActivation } = spec;
  const members = spec.members ?? 1;
  const pieces = layerPieces(parameters, statistics, spec);
  const moved: tf.Tensor[] = [];
  let h = x.rank === 2 ? tf.tile(tf.expandDims(x, 0), [members, 1, 1]) : x;
  for (const [layer, { scale, shift, weight, bias, mean, variance }] of pieces.entries()) {
    const mu = tf.mean(h, 1, true);
    const centered = tf.sub(h, mu);
    const s2 = tf.mean(tf.square(centered), 1, true);
    const sigma = tf.sqrt(tf.add(s2, epsilon));
    let z = tf.div(centered, sigma);
    if (renormalize) {
      const { minimumR, maximumR, maximumQ } = BOUNDS;
      const running = tf.sqrt(tf.add(variance, epsilon));
      const r = withoutGradient(() => tf.clipByValue(tf.div(sigma, running), minimumR, maximumR));
      const q = withoutGradient(() => tf.clipByValue(tf.div(tf.sub(mu, mean), running), -maximumQ, maximumQ));
      z = tf.add(tf.mul(z, r), q);
    }
    for (const [old, batch] of [
      [mean, mu],
      [variance, s2],
    ] as const) {
      moved.push(withoutGradient(() => tf.add(old, tf.mul(tf.sub(batch, old), 1 - momentum))));
    }
    const last = layer + 2 === sizes.length;
    h = applyActivation(
      tf.add(tf.matMul(tf.add(tf.mul(z, scale), shift), weight), bias),
      last ? outputActivation : hiddenActivation,
    );
  }
  statistics.assign(withoutGradient(() => tf.reshape(tf.concat(moved, 2), [statistics.size])));
  return spec.members === undefined ? tf.squeeze(h, [0]) : h;
}

/** `foldNormalization` in tfjs operations. */
export function composedFoldNormalization(
  parameters: tf.Tensor,
  statistics: tf.Tensor,
  spec: NormalizedStackSpec,
): tf.Tensor1D {
  const members = spec.members ?? 1;
  const folded = layerPieces(parameters, statistics, spec).flatMap(
    ({ scale, shift, weight, bias, mean, variance }) => {
      const factor = tf.div(scale, tf.sqrt(tf.add(variance, spec.epsilon)));
      const rest = tf.sub(shift, tf.mul(factor, mean));
      const [, inputs, outputs] = weight.shape as [number, number, number];
      return [
        tf.reshape(tf.mul(tf.reshape(factor, [members, inputs, 1]), weight), [members, inputs * outputs]),
        tf.reshape(tf.add(bias, tf.matMul(rest, weight)), [members, outputs]),
      ];
    },
  );
  return tf.reshape(tf.concat(folded, 1), [-1]) as tf.Tensor1D;
}

/** The tensors of one layer; all but the weight [members, inputs, outputs] have the shape [members, 1, width]. */
type LayerPieces = Readonly<Record<'scale' | 'shift' | 'weight' | 'bias' | 'mean' | 'variance', tf.Tensor>>;

function layerPieces(parameters: tf.Tensor, statistics: tf.Tensor, spec: NormalizedStackSpec): LayerPieces[] {
  const members = spec.members ?? 1;
  const counts = normalizedStackCounts(spec);
  const takerOf = (flat: tf.Tensor, count: number) => {
    const table = tf.reshape(flat, [members, count / members]);
    let offset = 0;
    return (rows: number, columns: number): tf.Tensor => {
      const part = tf.slice(table, [0, offset], [members, rows * columns]);
      offset += rows * columns;
      return tf.reshape(part, [members, rows, columns]);
    };
  };
  const parameter = takerOf(parameters, counts.parameters);
  const statistic = takerOf(statistics, counts.statistics);
  return spec.sizes.slice(1).map((outputs, layer) => {
    const inputs = spec.sizes[layer]!;
    return {
      scale: parameter(1, inputs),
      shift: parameter(1, inputs),
      weight: parameter(inputs, outputs),
      bias: parameter(1, outputs),
      mean: statistic(1, inputs),
      variance: statistic(1, inputs),
    };
  });
}
