import { InvalidInputError, type Rng } from '@maxent/core';

/** One layer's parameters, for an initializer to fill. */
export interface LayerParameters {
  readonly inputs: number;
  readonly outputs: number;
  /** Row-major [inputs, outputs]: y = x W + b. */
  readonly weight: Float32Array;
  /** [outputs]. */
  readonly bias: Float32Array;
}

/**
 * Fills one layer. Every initializer here draws doubles from `rng` and rounds them to float32, so that a seed gives
 * the same parameters on every backend and in every JavaScript engine.
 */
export type Initializer = (layer: LayerParameters, rng: Rng) => void;

/** Draws weights and biases uniformly in +-1 / sqrt(inputs): PyTorch's default for `Linear`. */
export function fanInUniform(): Initializer {
  return ({ inputs, weight, bias }, rng) => {
    const limit = 1 / Math.sqrt(inputs);
    rng.fillUniform(weight, -limit, limit);
    rng.fillUniform(bias, -limit, limit);
  };
}

/** Draws weights uniformly in +-sqrt(6 / (inputs + outputs)); biases are 0 (Glorot and Bengio 2010, equation 16). */
export function glorotUniform(): Initializer {
  return ({ inputs, outputs, weight, bias }, rng) => {
    const limit = Math.sqrt(6 / (inputs + outputs));
    rng.fillUniform(weight, -limit, limit);
    bias.fill(0);
  };
}

/**
 * Draws normal weights with variance 2 / inputs, for layers before a ReLU; biases are 0 (He et al. 2015, section 2.2).
 */
export function heNormal(): Initializer {
  return ({ inputs, weight, bias }, rng) => {
    rng.fillNormal(weight, 0, Math.sqrt(2 / inputs));
    bias.fill(0);
  };
}

/** Draws normal weights with variance 1 / inputs; biases are 0 (LeCun et al. 1998, "Efficient BackProp", section 4.6). */
export function lecunNormal(): Initializer {
  return ({ inputs, weight, bias }, rng) => {
    rng.fillNormal(weight, 0, Math.sqrt(1 / inputs));
    bias.fill(0);
  };
}

/**
 * Draws weights and biases uniformly in +-limit. A small limit keeps a new policy's or critic's output near 0.
 *
 * @throws InvalidInputError if `limit` is not a positive number.
 */
export function uniform(limit: number): Initializer {
  checkPositive('limit', limit);
  return ({ weight, bias }, rng) => {
    rng.fillUniform(weight, -limit, limit);
    rng.fillUniform(bias, -limit, limit);
  };
}

/**
 * Sets every weight to one value and every bias to another. With `constant(0, 0)` on the output layer, the network's
 * output starts at 0.
 *
 * @throws InvalidInputError if a value is not finite.
 */
export function constant(weightValue: number, biasValue: number): Initializer {
  checkFinite('weightValue', weightValue);
  checkFinite('biasValue', biasValue);
  return ({ weight, bias }) => {
    weight.fill(weightValue);
    bias.fill(biasValue);
  };
}

/**
 * Draws weights as `gain` times a uniformly distributed matrix with orthonormal rows or columns, whichever are fewer
 * (Saxe, McClelland and Ganguli 2014); biases are 0.
 *
 * @throws InvalidInputError if `gain` is not a positive number.
 */
export function orthogonal(gain = 1): Initializer {
  checkPositive('gain', gain);
  return ({ inputs, outputs, weight, bias }, rng) => {
    const count = Math.min(inputs, outputs);
    const length = Math.max(inputs, outputs);
    const vectors = Array.from({ length: count }, () => new Float64Array(length));
    for (const vector of vectors) rng.fillNormal(vector);
    orthonormalize(vectors);
    vectors.forEach((vector, i) => {
      vector.forEach((value, j) => {
        weight[inputs < outputs ? i * outputs + j : j * outputs + i] = gain * value;
      });
    });
    bias.fill(0);
  };
}

/** Gram-Schmidt in place; the second sweep removes what rounding left of the earlier vectors. */
function orthonormalize(vectors: readonly Float64Array[]): void {
  vectors.forEach((vector, i) => {
    for (let sweep = 0; sweep < 2; sweep++) {
      for (const earlier of vectors.slice(0, i)) {
        const projection = dot(vector, earlier);
        for (let k = 0; k < vector.length; k++) vector[k]! -= projection * earlier[k]!;
      }
    }
    const norm = Math.sqrt(dot(vector, vector));
    for (let k = 0; k < vector.length; k++) vector[k]! /= norm;
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

function checkPositive(field: string, value: number): void {
  if (!(value > 0) || value === Infinity) {
    throw new InvalidInputError(field, `expected a positive number, got ${value}`);
  }
}

function checkFinite(field: string, value: number): void {
  if (!Number.isFinite(value)) throw new InvalidInputError(field, `expected a finite number, got ${value}`);
}
