import type * as tf from '@tensorflow/tfjs-core';
import { DenseNetwork, type MlpOptions, type NetworkParts } from './dense-network.js';
export interface MlpEnsembleOptions extends MlpOptions {
  /** Number of networks, at least 1. */
  readonly members: number;
}
/**
 * Several perceptrons of one shape, initialised independently, over one flat parameter variable, computed together:
 * SAC's twin critics, for example.
 *
 * @throws InvalidInputError if a size or `members` is not a positive integer or an activation is unknown.
 */
export declare class MlpEnsemble extends DenseNetwork {
  /** An ensemble with new parameters, or one over parameters that exist. */
  constructor(options: MlpEnsembleOptions | NetworkParts);
  get members(): number;
  /**
   * Differentiable in `x` and in `parameters`. `x`: [batch, inputSize], shared by all members, or
   * [members, batch, inputSize]; the result: [members, batch, outputSize].
   */
  apply(x: tf.Tensor2D | tf.Tensor3D): tf.Tensor3D;
  /** An ensemble with a copy of these parameters that is not trained itself; `polyakStep` then moves it. */
  createTarget(): MlpEnsemble;
}
//# sourceMappingURL=mlp-ensemble.d.ts.map
