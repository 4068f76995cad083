import * as tf from '@tensorflow/tfjs-core';

/**
 * The objectives of soft actor-critic, Haarnoja et al. 2018, "Soft Actor-Critic Algorithms and Applications"
 * (arXiv 1812.05905). B is the batch size, M the number of critics. In none of them does the temperature receive a
 * gradient: it is passed as a constant.
 */

export interface SoftTargetInputs {
  /** r(s, a), [B]. */
  readonly rewards: tf.Tensor1D;
  /** 1 where the episode goes on or was merely truncated, 0 where it terminated, [B]. */
  readonly continues: tf.Tensor1D;
  /** Target critics' values of (s', a') with a' drawn from the current policy, [M, B, 1]. */
  readonly nextValues: tf.Tensor;
  /** log pi(a' | s'), [B]. */
  readonly nextLogProbability: tf.Tensor;
  readonly temperature: tf.Scalar;
  readonly discount: number;
}

/** The soft Bellman target, equations 3 and 5: y = r + discount * continues * (min_i Q_i(s', a') - alpha log pi). [B] */
export function softTarget(inputs: SoftTargetInputs): tf.Tensor1D {
  const { rewards, continues, nextValues, nextLogProbability, temperature, discount } = inputs;
  const softValue = tf.sub(smallestValue(nextValues), tf.mul(temperature, nextLogProbability));
  return tf.add(rewards, tf.mul(tf.mul(continues, softValue), discount));
}

/** Equation 5: sum over critics of the batch mean of (Q_i(s, a) - y)^2 / 2. `values` [M, B, 1], `target` [B]. */
export function criticLoss(values: tf.Tensor, target: tf.Tensor1D): tf.Scalar {
  const error = tf.sub(tf.squeeze(values, [2]), target);
  return tf.mul(tf.sum(tf.square(error)), 0.5 / target.size);
}

/** Equation 9: batch mean of alpha log pi(a | s) - min_i Q_i(s, a), a reparameterised. `values` [M, B, 1]. */
export function actorLoss(values: tf.Tensor, logProbability: tf.Tensor, temperature: tf.Scalar): tf.Scalar {
  return tf.mean(tf.sub(tf.mul(temperature, logProbability), smallestValue(values)));
}

/**
 * Derivative with respect to log alpha of -log alpha * mean(log pi + targetEntropy): the temperature rises while the
 * policy's entropy is below its target. This is equation 18 with log alpha in place of alpha as the factor, as in the
 * authors' own code; the two differ by the positive factor alpha, which Adam all but removes.
 */
export function logTemperatureGradient(meanLogProbability: tf.Scalar, targetEntropy: number): tf.Scalar {
  return tf.neg(tf.add(meanLogProbability, targetEntropy));
}

/** min over critics, [M, B, 1] to [B]. */
function smallestValue(values: tf.Tensor): tf.Tensor1D {
  return tf.squeeze(tf.min(values, 0), [1]);
}
