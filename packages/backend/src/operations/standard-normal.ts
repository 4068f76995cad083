import type { Rng } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import { fusedKernels } from '../kernels/fused-kernels.js';
import { fillTensor } from '../tensors.js';

/** A new tensor of standard normal draws: those of `rng.fillNormal`, to the last bit, on every backend. */
export function standardNormal<R extends tf.Rank>(shape: tf.ShapeMap[R], rng: Rng): tf.Tensor<R> {
  const kernels = fusedKernels();
  if (kernels === undefined) return fillTensor<R>(shape, (values) => rng.fillNormal(values));
  const values = kernels.allocate<R>(shape);
  const { key, drawn } = rng.state();
  const { tables, words } = kernels.normalSampler;
  rng.skip(
    kernels.run.fillNormal(kernels.address(values), values.size, key[0], key[1], drawn, tables, words),
  );
  return values;
}
