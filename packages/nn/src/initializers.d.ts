import { type Rng } from '@maxent/core';
/** One layer's parameters, to be filled. */
export interface LayerParameters {
  readonly inputs: number;
  readonly outputs: number;
  /** Row-major [inputs, outputs]: y = x W + b. */
  readonly weight: Float32Array;
  /** [outputs]. */
  readonly bias: Float32Array;
}
/**
 * Fills one layer. Every initialiser here draws doubles from `rng` and rounds them to float32, so that a seed gives
 * the same parameters on every backend and in every JavaScript engine.
 */
export type Initializer = (layer: LayerParameters, rng: Rng) => void;
/** Weights and biases uniform in +-1 / sqrt(inputs): PyTorch's default for `Linear`. */
export declare function fanInUniform(): Initializer;
/** Weights uniform in +-sqrt(6 / (inputs + outputs)), biases 0 (Glorot and Bengio 2010, equation 16). */
export declare function glorotUniform(): Initializer;
/** Weights normal with variance 2 / inputs, biases 0, for layers that a ReLU follows (He et al. 2015, section 2.2). */
export declare function heNormal(): Initializer;
/**
 * Weights and biases uniform in +-limit: a small limit keeps a new policy's or critic's output near 0.
 *
 * @throws InvalidInputError if `limit` is not a positive number.
 */
export declare function uniform(limit: number): Initializer;
/**
 * Every weight and every bias one value: `constant(0, 0)` on the output layer makes the network start as 0.
 *
 * @throws InvalidInputError if a value is not finite.
 */
export declare function constant(weightValue: number, biasValue: number): Initializer;
/**
 * Weights `gain` times a matrix with orthonormal rows or columns, whichever are fewer, uniformly distributed (Saxe,
 * McClelland and Ganguli 2014); biases 0.
 *
 * @throws InvalidInputError if `gain` is not a positive number.
 */
export declare function orthogonal(gain?: number): Initializer;
//# sourceMappingURL=initializers.d.ts.map
