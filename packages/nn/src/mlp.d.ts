import type * as tf from '@tensorflow/tfjs-core';
import { DenseNetwork, type MlpOptions, type NetworkParts } from './dense-network.js';
/**
 * A multilayer perceptron over one flat parameter variable: h_0 = x, h_(l+1) = activation_l(h_l W_l + b_l).
 *
 * @throws InvalidInputError if a size is not a positive integer or an activation is unknown.
 */
export declare class Mlp extends DenseNetwork {
  /** A network with new parameters, or one over parameters that exist. */
  constructor(options: MlpOptions | NetworkParts);
  /** Differentiable in `x` and in `parameters`. `x`: [batch, inputSize]; the result: [batch, outputSize]. */
  apply(x: tf.Tensor2D): tf.Tensor2D;
  /** A network with a copy of these parameters that is not trained itself; `polyakStep` then moves it. */
  createTarget(): Mlp;
}
//# sourceMappingURL=mlp.d.ts.map
