import type * as tf from '@tensorflow/tfjs-core';
import {
  DenseNetwork,
  initialize,
  type MlpOptions,
  type NetworkParts,
  specOf,
  targetOf,
} from './dense-network.js';

/**
 * A multilayer perceptron over one flat parameter variable: h_0 = x, h_(l+1) = activation_l(h_l W_l + b_l).
 *
 * @throws InvalidInputError if a size is not a positive integer or an activation is unknown.
 */
export class Mlp extends DenseNetwork {
  /** A network with new parameters, or over existing ones. */
  constructor(options: MlpOptions | NetworkParts) {
    super('parameters' in options ? options : initialize(specOf(options), options));
  }

  /**
   * Differentiable in `x` and in `parameters`. `x`: [batch, inputSize], as one tensor or two side by side; the result:
   * [batch, outputSize].
   */
  apply(x: tf.Tensor2D | readonly [tf.Tensor2D, tf.Tensor2D]): tf.Tensor2D {
    return this.applyStack(x) as tf.Tensor2D;
  }

  /** A target network: it has a copy of these parameters, which only `polyakStep` updates. */
  createTarget(): Mlp {
    return new Mlp(targetOf(this));
  }
}
