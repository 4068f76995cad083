import { InvalidInputError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Bijector, Mapped } from './bijector.js';

/**
 * Several bijectors, in the order in which `forward` applies them; `inverse` goes the other way. Each of them gets the
 * context.
 *
 * @throws InvalidInputError if the list is empty.
 */
export class Chain implements Bijector {
  constructor(readonly bijectors: readonly Bijector[]) {
    if (bijectors.length === 0) throw new InvalidInputError('bijectors', 'expected at least one, got none');
  }

  forward(x: tf.Tensor2D, context?: tf.Tensor2D): Mapped {
    return tf.tidy(() => follow(this.bijectors, x, (bijector, value) => bijector.forward(value, context)));
  }

  inverse(y: tf.Tensor2D, context?: tf.Tensor2D): Mapped {
    const reversed = [...this.bijectors].reverse();
    return tf.tidy(() => follow(reversed, y, (bijector, value) => bijector.inverse(value, context)));
  }
}

function follow(
  bijectors: readonly Bijector[],
  start: tf.Tensor2D,
  apply: (bijector: Bijector, value: tf.Tensor2D) => Mapped,
): Mapped {
  let value = start;
  let total: tf.Tensor1D | undefined;
  for (const bijector of bijectors) {
    const { y, logDet } = apply(bijector, value);
    value = y;
    total = total === undefined ? logDet : tf.add(total, logDet);
  }
  return { y: value, logDet: total! };
}
