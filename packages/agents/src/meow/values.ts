import { type SoftBellmanTargetInputs, softBellmanTarget, squaredErrorLoss } from '@maxent/backend';
import * as tf from '@tensorflow/tfjs-core';

/**
 * The values of MEow, Chao et al. 2024, "Maximum Entropy Reinforcement Learning via Energy-Based Normalizing Flow"
 * (arXiv 2405.13629), and its loss. B is the batch size, alpha the temperature. The two values of a state or an action
 * differ only in a learned shift beta_j(s), [2, B, 1], in units of reward, which the policy does not depend on (the paper's
 * learnable reward shifting).
 */

/**
 * Q_j(s, a) = alpha shape(s, a) + beta_j(s), [2, B, 1]; and V_j(s) = alpha normalizer(s) + beta_j(s), so that Q_j - V_j =
 * alpha log pi and V_j = alpha log of the integral of exp(Q_j / alpha) over (-1, 1)^d, both exactly.
 * `logTerm` is the shape or the normalizer of `EnergyFlow`, [B].
 */
export function shiftedValues(logTerm: tf.Tensor1D, shifts: tf.Tensor3D, temperature: number): tf.Tensor3D {
  return tf.add(tf.mul(tf.reshape(logTerm, [-1, 1]), temperature), shifts);
}

/**
 * y = r + discount * continues * min_j V_j(s'), [B] (the paper's shifting-based clipped double Q-learning). `values` are
 * V_j(s'), [2, B, 1].
 */
export function flowTarget(
  inputs: Pick<SoftBellmanTargetInputs, 'values' | 'rewards' | 'continues' | 'discount'>,
): tf.Tensor1D {
  return softBellmanTarget(inputs);
}

/**
 * The mean over j and the batch of (Q_j(s, a) - y)^2: of two values, that is the sum over j of half the batch mean.
 * `values` are Q_j(s, a), [2, B, 1].
 */
export function flowLoss(values: tf.Tensor3D, target: tf.Tensor1D): tf.Scalar {
  return squaredErrorLoss(values, target);
}
