import * as tf from '@tensorflow/tfjs-core';
import type { SteinDirections, SteinParticles } from './stein-directions.js';

/** Smallest bandwidth h: it would be 0 for particles that coincide. As in assembly/stein.ts. */
const SMALLEST_BANDWIDTH = 1e-3;

/** `steinDirections` in tfjs operations. */
export function composedSteinDirections({ fixed, scores, updated }: SteinParticles): SteinDirections {
  const [states, fixedCount] = fixed.shape;
  const updatedCount = updated.shape[1];
  const pairs = fixedCount * updatedCount;
  return tf.tidy(() => {
    // [states, updated, fixed, d]
    const difference = tf.sub(tf.expandDims(updated, 2), tf.expandDims(fixed, 1));
    const distances = tf.sum(tf.square(difference), 3);
    // The largest first, down to the lower one of the two in the middle.
    const { values } = tf.topk(tf.reshape(distances, [states, pairs]), (pairs >> 1) + 1);
    const middle = pairs % 2 === 1 ? 1 : 2;
    const median = tf.mean(tf.slice(values, [0, (pairs >> 1) + 1 - middle], [states, middle]), 1);
    const bandwidth = tf.maximum(tf.div(median, Math.log(fixedCount)), SMALLEST_BANDWIDTH);
    const h = tf.reshape(bandwidth, [states, 1, 1, 1]);
    const kernel = tf.exp(tf.neg(tf.div(tf.expandDims(distances, 3), h)));
    const pull = tf.add(tf.expandDims(scores, 1), tf.mul(tf.div(2, h), difference));
    const directions = tf.mean<tf.Tensor3D>(tf.mul(kernel, pull), 2);
    return {
      directions,
      meanLength: tf.mean<tf.Scalar>(tf.norm(directions, 'euclidean', 2)),
      meanBandwidth: tf.mean<tf.Scalar>(bandwidth),
    };
  });
}
