import type { Rng } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import { fusedKernels } from '../kernels/fused-kernels.js';
import { fillTensor } from '../tensors.js';

/** A new tensor of uniform draws: those of `rng.fillUniform`, to the last bit, on every backend. */
export function uniform<R extends tf.Rank>(shape: tf.ShapeMap[R], rng: Rng, low = 0, high = 1): tf.Tensor<R> {
  const kernels = fusedKernels();
  if (kernels === undefined) return fillTensor<R>(shape, (values) => rng.fillUniform(values, low, high));
  const values = kernels.allocate<R>(shape);
  const { key, drawn } = rng.state();
  const { words } = kernels.normalSampler;
  rng.skip(
    kernels.run.fillUniform(kernels.address(values), values.size, low, high, key[0], key[1], drawn, words),
  );
  return values;
}
