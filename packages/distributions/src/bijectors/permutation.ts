import { InvalidInputError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Bijector, Mapped } from './bijector.js';

/**
 * Reorders the entries: y_i = x_order[i]. It keeps volumes, so logDet = 0. Between two couplings of a `Chain` it
 * determines which entries are combined.
 *
 * @throws InvalidInputError unless `order` holds every index once.
 */
export class Permutation implements Bijector {
  private readonly inverseOrder: readonly number[];

  constructor(readonly order: readonly number[]) {
    const sorted = [...order].sort((a, b) => a - b);
    if (order.length === 0 || sorted.some((index, i) => index !== i)) {
      throw new InvalidInputError('order', `expected each index below ${order.length} once, got [${order}]`);
    }
    const inverse = new Array<number>(order.length);
    for (const [i, index] of order.entries()) inverse[index] = i;
    this.inverseOrder = inverse;
  }

  /**
   * The permutation that puts the entries for which the mask is `true` first, and the others after them, each in their
   * order. Between this and its inverse, a coupling that keeps the first entries keeps the mask's entries.
   */
  static keptFirst(mask: readonly boolean[]): Permutation {
    const indices = mask.map((_, i) => i);
    return new Permutation([...indices.filter((i) => mask[i]), ...indices.filter((i) => !mask[i])]);
  }

  forward(x: tf.Tensor2D): Mapped {
    return reorder('x', x, this.order);
  }

  inverse(y: tf.Tensor2D): Mapped {
    return reorder('y', y, this.inverseOrder);
  }
}

function reorder(field: string, x: tf.Tensor2D, order: readonly number[]): Mapped {
  if (x.shape[1] !== order.length) {
    throw new InvalidInputError(field, `expected shape [batch, ${order.length}], got [${x.shape}]`);
  }
  return tf.tidy(() => ({
    y: tf.gather(x, tf.tensor1d([...order], 'int32'), 1) as tf.Tensor2D,
    logDet: tf.zeros<tf.Rank.R1>([x.shape[0]]),
  }));
}
