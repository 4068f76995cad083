import { squash } from '@maxent/backend';
import * as tf from '@tensorflow/tfjs-core';
import { inverseOfTanh, outsideTanh, tanhLogDerivative } from '../tanh-log-derivative.js';
import type { Bijector, Mapped } from './bijector.js';

/**
 * y_i = tanh x_i, into (-1, 1), with logDet = sum_i log(1 - tanh(x_i)^2) in a form that neither overflows nor loses
 * digits. From |x| of about 9 on, y is +-1 in float32 and x cannot be recovered: the inverse clips y to the nearest
 * float32 inside (-1, 1), which gives x = +-8.66. Beyond +-1, where tanh has no values, the inverse's logDet is
 * -Infinity.
 */
export class Tanh implements Bijector {
  forward(x: tf.Tensor2D): Mapped {
    return squash(x);
  }

  inverse(y: tf.Tensor2D): Mapped {
    return tf.tidy(() => {
      const x = inverseOfTanh(y) as tf.Tensor2D;
      return { y: x, logDet: tf.sub(outsideTanh(y), tanhLogDerivative(x)) as tf.Tensor1D };
    });
  }
}
