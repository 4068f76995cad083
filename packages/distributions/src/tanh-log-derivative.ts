import { withoutGradient } from '@maxent/backend';
import * as tf from '@tensorflow/tfjs-core';

/** The largest float32 below 1. */
const LARGEST_VALUE = 1 - 2 ** -24;

/**
 * sum_i log(1 - tanh(raw_i)^2) over the last dimension, as 2 (log 2 - |u| - softplus(-2 |u|)). It is even in raw_i:
 * the absolute value keeps both sides equally exact.
 */
export function tanhLogDerivative(raw: tf.Tensor): tf.Tensor {
  const magnitude = tf.abs(raw);
  const tail = tf.softplus(tf.mul(magnitude, -2));
  return tf.sum(tf.mul(tf.sub(tf.sub(Math.LN2, magnitude), tail), 2), -1);
}

/** artanh of values clipped to +-(1 - 2^-24). */
export function inverseOfTanh(value: tf.Tensor): tf.Tensor {
  return tf.atanh(tf.clipByValue(value, -LARGEST_VALUE, LARGEST_VALUE));
}

/** 0 where the whole last dimension lies in [-1, 1], otherwise -Infinity, because tanh never has such values. */
export function outsideTanh(value: tf.Tensor): tf.Tensor {
  return withoutGradient(() => {
    const outside = tf.any(tf.greater(tf.abs(value), 1), -1);
    return tf.where(outside, Number.NEGATIVE_INFINITY, tf.zeros(outside.shape));
  });
}
