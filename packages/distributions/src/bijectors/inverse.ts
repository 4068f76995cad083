import type * as tf from '@tensorflow/tfjs-core';
import type { Bijector, Mapped } from './bijector.js';

/** A bijector with its directions swapped. */
export class Inverse implements Bijector {
  constructor(readonly bijector: Bijector) {}

  forward(x: tf.Tensor2D, context?: tf.Tensor2D): Mapped {
    return this.bijector.inverse(x, context);
  }

  inverse(y: tf.Tensor2D, context?: tf.Tensor2D): Mapped {
    return this.bijector.forward(y, context);
  }
}
