import { InvalidInputError } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import { withoutGradient } from '../kernels/differentiable.js';
import { fusedKernels } from '../kernels/fused-kernels.js';
import { fusedImportanceSoftValue, fusedMixtureProposals } from '../kernels/proposals-fused.js';
import { checkFloat32, checkSameShape } from './check-shape.js';
import { composedImportanceSoftValue, composedMixtureProposals } from './proposals-composed.js';

export interface ImportanceSoftValueInputs {
  /** Q_i(s, a_k) of each of M critics, state after state, [M, states * K, 1]; or one network's, [states * K, 1]. */
  readonly values: tf.Tensor;
  /** log q(a_k), [states * K]. */
  readonly logDensities: tf.Tensor1D;
  /** K, the number of proposals for a state. */
  readonly perState: number;
  readonly temperature: number;
}

/**
 * The soft value by importance sampling, from K proposals a_k with density q (Haarnoja et al. 2017, arXiv 1702.08165,
 * equation 10), [states]:
 *
 *   V(s) = temperature log (1/K) sum_k exp(min_i Q_i(s, a_k) / temperature) / q(a_k).
 *
 * No gradient flows through it.
 *
 * @throws InvalidInputError if a shape does not fit, a tensor is not float32, or the temperature is not above 0.
 */
export function importanceSoftValue(inputs: ImportanceSoftValueInputs): tf.Tensor1D {
  const { values, logDensities, perState, temperature } = inputs;
  checkFloat32('values', values);
  checkFloat32('logDensities', logDensities);
  const rows = logDensities.size;
  const { rank, shape } = values as tf.Tensor;
  if ((rank !== 2 && rank !== 3) || shape[rank - 1] !== 1 || shape[rank - 2] !== rows) {
    throw new InvalidInputError(
      'values',
      `expected shape [members, ${rows}, 1] or [${rows}, 1], as logDensities have, but got [${shape}]`,
    );
  }
  if (!Number.isInteger(perState) || perState < 1 || rows % perState !== 0) {
    throw new InvalidInputError(
      'perState',
      `expected a positive integer that divides ${rows}, got ${perState}`,
    );
  }
  if (!(temperature > 0 && temperature < Infinity)) {
    throw new InvalidInputError('temperature', `expected a positive number, got ${temperature}`);
  }
  const kernels = fusedKernels();
  if (kernels !== undefined) return fusedImportanceSoftValue(kernels, inputs);
  return withoutGradient(() => composedImportanceSoftValue(inputs));
}

export interface MixtureProposalsInputs {
  /** u_1 .. u_n of each state, before squashing, [states, n, d]. */
  readonly draws: tf.Tensor3D;
  /** Standard normal numbers, [states, n, d]. */
  readonly noise: tf.Tensor3D;
  /** Points of the cube [-1, 1]^d, [states, K - n, d]. */
  readonly uniforms: tf.Tensor3D;
}

// `tf.tidy` accepts a type here, but not an interface.
export type MixtureProposals = {
  /** In the cube: of each state, those around its draws first, [states * K, d]. */
  readonly actions: tf.Tensor2D;
  /** log q of each, with q the density of the whole mixture, [states * K]. */
  readonly logDensities: tf.Tensor1D;
};

/**
 * Actions near a policy's own. Of each state, q is the mixture of K parts of equal weight,
 *
 *   n normal kernels N(u_j, diag(h^2)), squashed by tanh, and K - n times the uniform distribution on the cube,
 *
 * with Scott's bandwidth h_i = n^(-1/(d + 4)) std_i(u_1 .. u_n), at least 0.05; u_j is clipped to +-4. One action is drawn
 * from each part and has the density of the whole mixture: the balance heuristic of Veach and Guibas 1995, with which
 * importance sampling is unbiased for any draws. No gradient flows through it.
 *
 * @throws InvalidInputError if the shapes do not fit each other, or a tensor is not float32.
 */
export function mixtureProposals(inputs: MixtureProposalsInputs): MixtureProposals {
  const { draws, noise, uniforms } = inputs as { [Name in keyof MixtureProposalsInputs]: tf.Tensor };
  checkFloat32('draws', draws);
  const [states, count, size] = draws.shape;
  if (draws.rank !== 3 || !(count! >= 1)) {
    throw new InvalidInputError('draws', `expected shape [states, 1 or more, d], got [${draws.shape}]`);
  }
  checkSameShape('noise', noise, draws);
  checkFloat32('uniforms', uniforms);
  const [rows, others, columns] = uniforms.shape;
  if (uniforms.rank !== 3 || rows !== states || columns !== size || !(others! >= 1)) {
    throw new InvalidInputError(
      'uniforms',
      `expected shape [${states}, 1 or more, ${size}], got [${uniforms.shape}]`,
    );
  }
  const kernels = fusedKernels();
  if (kernels !== undefined) return fusedMixtureProposals(kernels, inputs);
  return withoutGradient(() => composedMixtureProposals(inputs));
}
