import * as tf from '@tensorflow/tfjs-core';
import { logSlopeOfTanh } from './log-slope-of-tanh.js';
import type { ImportanceSoftValueInputs, MixtureProposals, MixtureProposalsInputs } from './proposals.js';

/** `importanceSoftValue` in tfjs operations. */
export function composedImportanceSoftValue({
  values,
  logDensities,
  perState,
  temperature,
}: ImportanceSoftValueInputs): tf.Tensor1D {
  return tf.tidy(() => {
    const smallest = tf.reshape(values.rank === 2 ? values : tf.min(values, 0), [logDensities.size]);
    const weights = tf.sub(tf.div(smallest, temperature), logDensities);
    const sums = tf.logSumExp(tf.reshape(weights, [logDensities.size / perState, perState]), 1);
    return tf.mul(tf.sub(sums, Math.log(perState)), temperature);
  });
}

const HALF_LOG_2_PI = 0.5 * Math.log(2 * Math.PI);
// As in assembly/proposals.ts.
/** Draws are clipped to this before squashing: further out, float32 tanh is practically +-1. */
const LARGEST_CENTER = 4;
/** Smallest standard deviation of a kernel before squashing. */
const SMALLEST_DEVIATION = 0.05;
/** The largest float32 below 1. */
const LARGEST_ACTION = 1 - 2 ** -24;

/** `mixtureProposals` in tfjs operations. */
export function composedMixtureProposals({
  draws,
  noise,
  uniforms,
}: MixtureProposalsInputs): MixtureProposals {
  const [states, drawsPerState, size] = draws.shape;
  const perState = drawsPerState + uniforms.shape[1];
  return tf.tidy(() => {
    const centers = tf.clipByValue(draws, -LARGEST_CENTER, LARGEST_CENTER);
    const deviations = tf.maximum(
      tf.mul(tf.sqrt(tf.moments(centers, 1, true).variance), drawsPerState ** (-1 / (size + 4))),
      SMALLEST_DEVIATION,
    );
    const ownRaw = tf.add(centers, tf.mul(deviations, noise));
    const others = tf.clipByValue(uniforms, -LARGEST_ACTION, LARGEST_ACTION);
    const actions = tf.concat([tf.tanh(ownRaw), others], 1);
    const raw = tf.concat([ownRaw, tf.atanh(others)], 1);
    const logSlope = tf.sum(logSlopeOfTanh(raw), 2);
    // [states, perState, drawsPerState, size]
    const scaled = tf.div(
      tf.sub(tf.expandDims(raw, 2), tf.expandDims(centers, 1)),
      tf.expandDims(deviations, 1),
    );
    const exponents = tf.mul(tf.sum(tf.square(scaled), 3), -0.5);
    const constant = tf.sum(tf.add(tf.log(deviations), HALF_LOG_2_PI), 2);
    const kernels = tf.sub(
      tf.sub(tf.sub(tf.logSumExp(exponents, 2), logSlope), constant),
      Math.log(perState),
    );
    const logUniform = Math.log(uniforms.shape[1] / perState) - size * Math.LN2;
    const logDensities = tf.add(tf.softplus(tf.sub(kernels, logUniform)), logUniform);
    return {
      actions: tf.reshape(actions, [states * perState, size]),
      logDensities: tf.reshape(logDensities, [states * perState]),
    };
  });
}
