import * as tf from '@tensorflow/tfjs-core';

/** The Euclidean norm of all elements of all tensors together, a scalar. */
export function globalNorm(tensors: readonly tf.Tensor[]): tf.Scalar {
  return tf.tidy(() =>
    tf.sqrt(tf.addN([tf.scalar(0), ...tensors.map((t) => tf.sum(tf.square(t)) as tf.Scalar)])),
  );
}

export interface ClippedTensors<T extends tf.Tensor> {
  /** New tensors: the given ones times min(1, maxNorm / norm). */
  readonly tensors: T[];
  /** The global norm before clipping, a scalar. */
  readonly norm: tf.Scalar;
}

/** Scales tensors down together so that their global norm is at most `maxNorm` (Pascanu et al. 2013). */
export function clipByGlobalNorm<T extends tf.Tensor>(
  tensors: readonly T[],
  maxNorm: number,
): ClippedTensors<T> {
  return tf.tidy(() => {
    const norm = globalNorm(tensors);
    const scale = tf.div(maxNorm, tf.maximum(norm, maxNorm));
    return { tensors: tensors.map((tensor) => tf.mul(tensor, scale) as T), norm };
  });
}
