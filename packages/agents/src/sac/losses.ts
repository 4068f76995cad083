import {
  type SoftBellmanTargetInputs,
  type SoftPolicyLoss,
  type SoftValueInputs,
  softBellmanTarget,
  softPolicyLoss,
  softValue,
  squaredErrorLoss,
} from '@maxent/backend';
import type * as tf from '@tensorflow/tfjs-core';

/**
 * The objectives of soft actor-critic, Haarnoja et al. 2018, "Soft Actor-Critic Algorithms and Applications" (arXiv
 * 1812.05905), each one operation of @maxent/backend. B is the batch size, M the number of critics. The temperature is
 * passed as a constant and never receives a gradient.
 */

/**
 * An estimate of the soft value, equation 3: V(s) = min_i Q_i(s, a) - alpha log pi(a | s), a drawn from the policy. [B]
 * `values` are Q_i(s, a), [M, B, 1].
 */
export function softStateValue(inputs: SoftValueInputs): tf.Tensor1D {
  return softValue(inputs);
}

/**
 * The soft Bellman target, equation 2: y = r + discount * continues * V(s'), [B], with the V(s') of `softStateValue`.
 * Without `logProb`, V(s') = min_i values_i: a single value of each state, [B, 1], is taken as it is.
 */
export function bellmanTarget(inputs: SoftBellmanTargetInputs): tf.Tensor1D {
  return softBellmanTarget(inputs);
}

/** Equation 5: sum over critics of the batch mean of (Q_i(s, a) - y)^2 / 2. `values` [M, B, 1], `target` [B]. */
export function criticLoss(values: tf.Tensor, target: tf.Tensor1D): tf.Scalar {
  return squaredErrorLoss(values, target);
}

/**
 * Equation 9, the batch mean of alpha log pi(a | s) - min_i Q_i(s, a), a reparameterized; and the batch mean of
 * -log pi(a | s), the policy's entropy. `values` [M, B, 1].
 */
export function actorLoss(inputs: Required<SoftValueInputs>): SoftPolicyLoss {
  return softPolicyLoss(inputs);
}
