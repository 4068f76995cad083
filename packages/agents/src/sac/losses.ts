import * as tf from '@tensorflow/tfjs-core';
import { smallestValue } from '../critics.js';

/**
 * The objectives of soft actor-critic, Haarnoja et al. 2018, "Soft Actor-Critic Algorithms and Applications" (arXiv
 * 1812.05905). B is the batch size, M the number of critics. The temperature is passed as a constant and never receives
 * a gradient.
 */

export interface BellmanTargetInputs {
  /** r(s, a), [B]. */
  readonly rewards: tf.Tensor1D;
  /** 0 if the episode terminated, 1 if it goes on or was truncated, [B]. */
  readonly continues: tf.Tensor1D;
  /** V(s'), [B]. */
  readonly nextValues: tf.Tensor1D;
  readonly discount: number;
}

/** The soft Bellman target, equation 2: y = r + discount * continues * V(s'). [B] */
export function bellmanTarget({
  rewards,
  continues,
  nextValues,
  discount,
}: BellmanTargetInputs): tf.Tensor1D {
  return tf.add(rewards, tf.mul(tf.mul(continues, nextValues), discount));
}

/**
 * An estimate of the soft value, equation 3: V(s) = min_i Q_i(s, a) - alpha log pi(a | s), a drawn from the policy.
 *
 * @param values Q_i(s, a), [M, B, 1].
 * @param logProb log pi(a | s), [B].
 * @returns [B]
 */
export function softStateValue(values: tf.Tensor, logProb: tf.Tensor, temperature: tf.Scalar): tf.Tensor1D {
  return tf.sub(smallestValue(values), tf.mul(temperature, logProb));
}

/** Equation 5: sum over critics of the batch mean of (Q_i(s, a) - y)^2 / 2. `values` [M, B, 1], `target` [B]. */
export function criticLoss(values: tf.Tensor, target: tf.Tensor1D): tf.Scalar {
  const error = tf.sub(tf.squeeze(values, [2]), target);
  return tf.mul(tf.sum(tf.square(error)), 0.5 / target.size);
}

/** Equation 9: batch mean of alpha log pi(a | s) - min_i Q_i(s, a), a reparameterized. `values` [M, B, 1]. */
export function actorLoss(values: tf.Tensor, logProb: tf.Tensor, temperature: tf.Scalar): tf.Scalar {
  return tf.mean(tf.sub(tf.mul(temperature, logProb), smallestValue(values)));
}
