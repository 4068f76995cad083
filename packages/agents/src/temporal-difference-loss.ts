import type * as tf from '@tensorflow/tfjs-core';
import { hostLoss } from './host-loss.js';

export interface TemporalDifferenceInputs {
  /** Actions taken, [B]. */
  readonly actions: ArrayLike<number>;
  /** Bellman targets y, [B]. */
  readonly targets: ArrayLike<number>;
  /** Loss of the error Q(s, a) - y: half its square, or Huber's loss, which is linear beyond an error of 1. */
  readonly loss: 'squared' | 'huber';
}

/**
 * The batch mean of the loss of Q(s, a) - y, summed over networks. Only the values of the actions taken get a gradient.
 *
 * @param values Q(s, .) of each network, [B, actions] or [networks, B, actions].
 */
export function temporalDifferenceLoss(
  values: tf.Tensor,
  { actions, targets, loss }: TemporalDifferenceInputs,
): tf.Scalar {
  const actionCount = values.shape.at(-1)!;
  const batchSize = targets.length;
  const limit = loss === 'huber' ? 1 : Infinity;
  return hostLoss(values, (all, gradient) => {
    let sum = 0;
    for (let row = 0; row < all.length / actionCount; row++) {
      const i = row % batchSize;
      const taken = row * actionCount + actions[i]!;
      const error = all[taken]! - targets[i]!;
      const slope = Math.min(Math.max(error, -limit), limit);
      // error^2 / 2 within the limit, limit |error| - limit^2 / 2 beyond.
      sum += slope * (error - slope / 2);
      gradient[taken] = slope / batchSize;
    }
    return sum / batchSize;
  });
}
