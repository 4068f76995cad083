import * as tf from '@tensorflow/tfjs-core';
import { isRecording } from '../kernels/differentiable.js';
import { type FusedKernels, fusedKernels } from '../kernels/fused-kernels.js';
import { nativeCompositions } from '../native/native-backend.js';
import { TensorFlowCalls } from '../native/tensorflow-calls.js';

/** The fused kernels, unless a gradient is being recorded: these operations have none. */
function kernelsWithoutGradient(): FusedKernels | undefined {
  return isRecording() ? undefined : fusedKernels();
}

function fusedNorm(kernels: FusedKernels, tensors: readonly tf.Tensor[]): number {
  let sum = 0;
  for (const tensor of tensors) sum += kernels.run.sumOfSquares(kernels.address(tensor), tensor.size);
  return Math.sqrt(sum);
}

/** The Euclidean norm of all elements of all tensors together, a scalar. */
export function globalNorm(tensors: readonly tf.Tensor[]): tf.Scalar {
  const kernels = kernelsWithoutGradient();
  if (kernels !== undefined) return tf.scalar(fusedNorm(kernels, tensors));
  const native = isRecording() ? undefined : nativeCompositions();
  if (native !== undefined && tensors.length > 0) {
    return tf.tidy(() => {
      const calls = new TensorFlowCalls(native);
      // Each call gives sum(t^2) / 2 of one tensor.
      const halves = tensors.map((tensor) => calls.call('L2Loss', tensor));
      const half = halves.length === 1 ? halves[0]! : calls.sumOfAll(halves);
      return calls.call('Sqrt', calls.call('AddV2', half, half)) as tf.Scalar;
    });
  }
  return tf.tidy(() => {
    const sums = tensors.map((tensor) => tf.sum(tf.square(tensor)) as tf.Scalar);
    return tf.sqrt(tf.addN([tf.scalar(0), ...sums]));
  });
}

export interface ClippedTensors<T extends tf.Tensor> {
  /** New tensors: the inputs times min(1, maxNorm / norm). */
  readonly tensors: T[];
  /** The global norm before clipping, a scalar. */
  readonly norm: tf.Scalar;
}

/** Scales tensors down together so that their global norm is at most `maxNorm` (Pascanu et al. 2013). */
export function clipByGlobalNorm<T extends tf.Tensor>(
  tensors: readonly T[],
  maxNorm: number,
): ClippedTensors<T> {
  const kernels = kernelsWithoutGradient();
  if (kernels !== undefined) {
    const norm = fusedNorm(kernels, tensors);
    const factor = maxNorm / Math.max(norm, maxNorm);
    const clipped = tensors.map((tensor) => {
      const scaled = kernels.allocate(tensor.shape);
      kernels.run.scale(kernels.address(tensor), kernels.address(scaled), tensor.size, factor);
      return scaled as T;
    });
    return { tensors: clipped, norm: tf.scalar(norm) };
  }
  return tf.tidy(() => {
    const norm = globalNorm(tensors);
    const scale = tf.div(maxNorm, tf.maximum(norm, maxNorm));
    return { tensors: tensors.map((tensor) => tf.mul(tensor, scale) as T), norm };
  });
}
