import { InvalidInputError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { isRecording } from '../kernels/differentiable.js';
import { fusedKernels } from '../kernels/fused-kernels.js';
import { checkFloat32 } from './check-shape.js';

/**
 * Repeats each row `times` times, [rows * times, columns]: all copies of a row precede those of the next. Differentiable,
 * but not fused while a gradient is being recorded.
 *
 * @throws InvalidInputError if `rows` is not a float32 matrix or `times` not a positive integer.
 */
export function repeatRows(rows: tf.Tensor, times: number): tf.Tensor2D {
  checkFloat32('rows', rows);
  if (rows.rank !== 2) throw new InvalidInputError('rows', `expected a matrix, got shape [${rows.shape}]`);
  if (!Number.isInteger(times) || times < 1) {
    throw new InvalidInputError('times', `expected a positive integer, got ${times}`);
  }
  const [count, columns] = rows.shape as [number, number];
  const kernels = isRecording() ? undefined : fusedKernels();
  if (kernels === undefined) {
    return tf.tidy(() =>
      tf.reshape(tf.tile(tf.expandDims(rows, 1), [1, times, 1]), [count * times, columns]),
    );
  }
  const repeated = kernels.allocate<tf.Rank.R2>([count * times, columns]);
  kernels.run.copyBlock(
    kernels.address(rows),
    kernels.address(repeated),
    count,
    columns,
    times,
    columns,
    columns,
  );
  return repeated;
}
