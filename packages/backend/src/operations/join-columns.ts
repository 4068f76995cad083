import { InvalidInputError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { isRecording } from '../kernels/differentiable.js';
import { fusedKernels } from '../kernels/fused-kernels.js';
import { checkFloat32 } from './check-shape.js';
import { repeatRows } from './repeat-rows.js';

/**
 * Two matrices side by side: [rows, a] and [groups, b] become [rows, a + b], with each row of the second next to
 * rows / groups rows of the first. Differentiable, but not fused while a gradient is being recorded.
 *
 * @throws InvalidInputError if one is not a float32 matrix, or the rows of the first cannot be divided among those of the
 * second.
 */
export function joinColumns(first: tf.Tensor, second: tf.Tensor): tf.Tensor2D {
  for (const [name, part] of [
    ['first', first],
    ['second', second],
  ] as const) {
    checkFloat32(name, part);
    if (part.rank !== 2) throw new InvalidInputError(name, `expected a matrix, got shape [${part.shape}]`);
  }
  const [rows, width] = first.shape as [number, number];
  const [groups, added] = second.shape as [number, number];
  const each = rows / groups;
  if (!Number.isInteger(each)) {
    throw new InvalidInputError('second', `expected a number of rows that divides ${rows}, got ${groups}`);
  }
  const kernels = isRecording() ? undefined : fusedKernels();
  if (kernels === undefined) {
    return tf.tidy(() => tf.concat([first as tf.Tensor2D, repeatRows(second, each)], 1));
  }
  const joined = kernels.allocate<tf.Rank.R2>([rows, width + added]);
  const out = kernels.address(joined);
  const { run } = kernels;
  run.copyBlock(kernels.address(first), out, rows, width, 1, width, width + added);
  run.copyBlock(kernels.address(second), out + 4 * width, groups, added, each, added, width + added);
  return joined;
}
