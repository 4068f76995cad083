import { InvalidInputError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { isRecording, isRecordingHigherOrder, recordDifferentiable } from '../kernels/differentiable.js';
import { type FusedKernels, fusedKernels } from '../kernels/fused-kernels.js';
import { checkFloat32 } from './check-shape.js';
import { logSlopeOfTanh } from './log-slope-of-tanh.js';

// `tf.tidy` accepts a type here, but not an interface.
export type Squashed = {
  /** tanh x, [rows, columns]. */
  readonly y: tf.Tensor2D;
  /** sum_i log(1 - tanh(x_i)^2), the logarithm of the change of volume, [rows]. */
  readonly logDet: tf.Tensor1D;
};

/**
 * tanh of each row and the logarithm of its change of volume, as 2 (log 2 - |x| - softplus(-2 |x|)), which neither
 * overflows nor loses digits. Differentiable: the gradient of `logDet` is -2 tanh x.
 *
 * @throws InvalidInputError unless x is a float32 matrix.
 */
export function squash(x: tf.Tensor): Squashed {
  checkFloat32('x', x);
  if (x.rank !== 2) throw new InvalidInputError('x', `expected a matrix, got shape [${x.shape}]`);
  const kernels = isRecordingHigherOrder() ? undefined : fusedKernels();
  return kernels === undefined ? composedSquash(x) : fusedSquash(kernels, x as tf.Tensor2D);
}

/** `squash` in tfjs operations. */
function composedSquash(x: tf.Tensor): Squashed {
  return tf.tidy(() => {
    const logDet = tf.sum<tf.Tensor1D>(logSlopeOfTanh(x), 1);
    return { y: tf.tanh(x) as tf.Tensor2D, logDet };
  });
}

function fusedSquash(kernels: FusedKernels, x: tf.Tensor2D): Squashed {
  const [rows, columns] = x.shape;
  const forward = (): [tf.Tensor2D, tf.Tensor1D] => {
    const y = kernels.allocate<tf.Rank.R2>([rows, columns]);
    const logDet = kernels.allocate<tf.Rank.R1>([rows]);
    kernels.run.squash(kernels.address(x), kernels.address(y), kernels.address(logDet), rows, columns);
    return [y, logDet];
  };
  const outputs = isRecording()
    ? recordDifferentiable({
        inputs: { x },
        forwardFunc: (_, save) => {
          const computed = forward();
          save([computed[0]]);
          return computed;
        },
        backwardsFunc: ([dy, dLogDet], [y]) => ({
          x: () => {
            const gradient = kernels.allocate<tf.Rank.R2>([rows, columns]);
            kernels.run.squashGradient(
              kernels.address(y!),
              kernels.address(dy!),
              kernels.address(dLogDet!),
              kernels.address(gradient),
              rows,
              columns,
            );
            return gradient;
          },
        }),
      })
    : forward();
  const [y, logDet] = outputs as [tf.Tensor2D, tf.Tensor1D];
  return { y, logDet };
}
