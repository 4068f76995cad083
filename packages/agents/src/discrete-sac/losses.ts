import type * as tf from '@tensorflow/tfjs-core';
import { hostLoss } from '../host-loss.js';

/**
 * The losses that discrete actions change in soft actor-critic, Christodoulou 2019 (arXiv 1910.07207): expectations
 * over actions are sums over all of them, not samples. B is the batch size, A the number of actions.
 */

/** log pi(. | s) = logits - log sum exp(logits), in place, row by row; [B, A]. */
export function logSoftmaxInPlace(logits: Float32Array, actionCount: number): Float32Array {
  for (let start = 0; start < logits.length; start += actionCount) {
    let largest = -Infinity;
    for (let a = 0; a < actionCount; a++) largest = Math.max(largest, logits[start + a]!);
    let sum = 0;
    for (let a = 0; a < actionCount; a++) sum += Math.exp(logits[start + a]! - largest);
    const normalizer = largest + Math.log(sum);
    for (let a = 0; a < actionCount; a++) logits[start + a]! -= normalizer;
  }
  return logits;
}

/** min over critics, [critics, B, A] to [B, A]. */
export function smallestValues(values: Float32Array, critics: number): Float32Array {
  const size = values.length / critics;
  const smallest = values.slice(0, size);
  for (let i = size; i < values.length; i++) {
    smallest[i % size] = Math.min(smallest[i % size]!, values[i]!);
  }
  return smallest;
}

/** Equation 3: V(s) = sum_a pi(a | s) (min_i Q_i(s, a) - alpha log pi(a | s)) of row `row`. */
export function softStateValue(
  values: Float32Array,
  logProbs: Float32Array,
  row: number,
  actionCount: number,
  temperature: number,
): number {
  let value = 0;
  for (let i = row * actionCount; i < (row + 1) * actionCount; i++) {
    value += Math.exp(logProbs[i]!) * (values[i]! - temperature * logProbs[i]!);
  }
  return value;
}

/**
 * Equation 12: batch mean of sum_a pi(a | s) (alpha log pi(a | s) - min_i Q_i(s, a)). This is a sum over actions; a
 * mean would make every gradient |A| times smaller.
 *
 * @param logits of the actor, [B, A]; they get the gradient.
 * @param values min_i Q_i, [B, A].
 */
export function discreteActorLoss(logits: tf.Tensor2D, values: Float32Array, temperature: number): tf.Scalar {
  const [batchSize, actionCount] = logits.shape;
  return hostLoss(logits, (all, gradient) => {
    const logProbs = logSoftmaxInPlace(all, actionCount);
    let sum = 0;
    for (let row = 0; row < batchSize; row++) {
      const rowLoss = -softStateValue(values, logProbs, row, actionCount, temperature);
      for (let i = row * actionCount; i < (row + 1) * actionCount; i++) {
        // The derivative of sum_b pi_b f_b with respect to logit a, f = alpha log pi - Q: the terms from f itself sum
        // to 0.
        const excess = temperature * logProbs[i]! - values[i]! - rowLoss;
        gradient[i] = (Math.exp(logProbs[i]!) * excess) / batchSize;
      }
      sum += rowLoss;
    }
    return sum / batchSize;
  });
}
