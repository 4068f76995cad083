import { InvalidInputError } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import { withoutGradient } from '../kernels/differentiable.js';
import { fusedKernels } from '../kernels/fused-kernels.js';
import { fusedSteinDirections } from '../kernels/stein-directions-fused.js';
import { checkFloat32, checkSameShape } from './check-shape.js';
import { composedSteinDirections } from './stein-directions-composed.js';

export interface SteinParticles {
  /** x_1 .. x_n of each state, [states, n, d]; n at least 2. */
  readonly fixed: tf.Tensor3D;
  /** grad log p at each of them, [states, n, d]. */
  readonly scores: tf.Tensor3D;
  /** y_1 .. y_m of each state, [states, m, d]. */
  readonly updated: tf.Tensor3D;
}

// `tf.tidy` accepts a type here, but not an interface.
export type SteinDirections = {
  /** Where the updated particles should move, [states, m, d]. */
  readonly directions: tf.Tensor3D;
  /** Mean length of the directions. */
  readonly meanLength: tf.Scalar;
  /** Mean over states of the kernel's bandwidth h. */
  readonly meanBandwidth: tf.Scalar;
};

/**
 * Stein variational gradient descent (Liu and Wang 2016, arXiv 1608.04471) with the kernel k(x, y) = exp(-|x - y|^2 / h),
 * as soft Q-learning uses it (Haarnoja et al. 2017, arXiv 1702.08165, equation 13): some particles stay fixed and tell the
 * others where to move,
 *
 *   direction(y) = mean_j k(x_j, y) grad log p(x_j) + grad_{x_j} k(x_j, y).
 *
 * The first term pulls y to where its neighbors see more density. The second, the gradient with respect to the fixed
 * particle, points from x_j to y: it drives particles apart. Each state has its own bandwidth, h = median / log n of the
 * squared distances between its fixed and its updated particles, with which the kernels of n particles sum to about 1 at
 * a typical distance; h is at least 1e-3. No gradient flows through it.
 *
 * @throws InvalidInputError if the shapes do not fit each other, or a tensor is not float32.
 */
export function steinDirections(particles: SteinParticles): SteinDirections {
  const { fixed, scores, updated } = particles as { [Name in keyof SteinParticles]: tf.Tensor };
  checkFloat32('fixed', fixed);
  const [states, count, size] = fixed.shape;
  if (fixed.rank !== 3 || !(count! >= 2)) {
    throw new InvalidInputError('fixed', `expected shape [states, 2 or more, d], got [${fixed.shape}]`);
  }
  checkSameShape('scores', scores, fixed);
  checkFloat32('updated', updated);
  if (updated.rank !== 3 || updated.shape[0] !== states || updated.shape[2] !== size) {
    throw new InvalidInputError(
      'updated',
      `expected shape [${states}, m, ${size}], as fixed has, got [${updated.shape}]`,
    );
  }
  const kernels = fusedKernels();
  if (kernels !== undefined) return fusedSteinDirections(kernels, particles);
  return withoutGradient(() => composedSteinDirections(particles));
}
