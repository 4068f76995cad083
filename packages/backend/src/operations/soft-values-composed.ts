import * as tf from '@tensorflow/tfjs-core';
import type { SoftBellmanTargetInputs, SoftPolicyLoss, SoftValueInputs } from './soft-values.js';

/** `softBellmanTarget`, or without rewards `softValue`, written in tfjs operations. */
export function composedSoftBellmanTarget(
  inputs: SoftValueInputs & Partial<SoftBellmanTargetInputs>,
): tf.Tensor1D {
  const { values, logProb, temperature, rewards, continues, discount } = inputs;
  return tf.tidy(() => {
    let value = smallestValue(values);
    if (logProb !== undefined) value = tf.sub(value, tf.mul(temperature!, logProb));
    if (rewards === undefined) return value;
    return tf.add(rewards, tf.mul(tf.mul(continues!, value), discount!));
  });
}

/** `squaredErrorLoss` written in tfjs operations. */
export function composedSquaredErrorLoss(values: tf.Tensor, target: tf.Tensor1D): tf.Scalar {
  return tf.tidy(() => {
    const error = tf.sub(tf.squeeze(values, [values.rank - 1]), target);
    return tf.mul(tf.sum(tf.square(error)), 0.5 / target.size);
  });
}

/** `softPolicyLoss` written in tfjs operations. */
export function composedSoftPolicyLoss(
  values: tf.Tensor,
  logProb: tf.Tensor,
  temperature: tf.Tensor,
): SoftPolicyLoss {
  return tf.tidy(() => ({
    loss: tf.mean<tf.Scalar>(tf.sub(tf.mul(temperature, logProb), smallestValue(values))),
    entropy: tf.neg(tf.mean<tf.Scalar>(logProb)),
  }));
}

function smallestValue(values: tf.Tensor): tf.Tensor1D {
  return values.rank === 2 ? tf.squeeze(values, [1]) : tf.squeeze(tf.min(values, 0), [1]);
}
