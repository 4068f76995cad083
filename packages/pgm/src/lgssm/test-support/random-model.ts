import { Rng } from '@maxent/core';
import { randomCovariance } from '../../linear-algebra/test-support/random-matrix.js';
import { LinearGaussianModel, type TimeVarying } from '../model.js';

export interface RandomModelOptions {
  readonly n: number;
  readonly m: number;
  readonly seed: number;
  /** Number of inputs; with B and D, b and d, unless 0. */
  readonly k?: number;
  /** Rank of Q, n unless given. */
  readonly noiseRank?: number;
  /** Every parameter varies over this many times. */
  readonly varyOver?: number;
}

/** Returns a model whose states stay of order 1. */
export function randomModel({
  n,
  m,
  seed,
  k = 0,
  noiseRank = n,
  varyOver,
}: RandomModelOptions): LinearGaussianModel {
  const rng = Rng.fromSeed(seed);
  const gaussian = (size: number, scale: number) => {
    const values = new Float64Array(size);
    rng.fillNormal(values, 0, scale);
    return values;
  };
  const covariance = (size: number, rank: number) => {
    const values =
      rank === 0 ? new Float64Array(size * size) : randomCovariance(size, rng.integer(1e6), rank);
    return values.map((value) => value / size);
  };
  const positive = (size: number) =>
    covariance(size, size).map((value, i) => value + (i % (size + 1) === 0 ? 0.1 : 0));
  const repeated = (draw: () => Float64Array): TimeVarying =>
    varyOver === undefined ? draw() : Array.from({ length: varyOver }, draw);
  return new LinearGaussianModel({
    initialMean: gaussian(n, 1),
    initialCovariance: positive(n),
    F: repeated(() => gaussian(n * n, 0.8 / Math.sqrt(n))),
    Q: repeated(() => covariance(n, noiseRank)),
    H: repeated(() => gaussian(m * n, 1)),
    R: repeated(() => positive(m)),
    ...(k > 0 && {
      B: repeated(() => gaussian(n * k, 1)),
      D: repeated(() => gaussian(m * k, 1)),
      b: repeated(() => gaussian(n, 1)),
      d: repeated(() => gaussian(m, 1)),
    }),
  });
}

/** Replaces each number by NaN with the given probability. */
export function withMissing(observations: Float64Array, probability: number, seed: number): Float64Array {
  const rng = Rng.fromSeed(seed);
  return observations.map((value) => (rng.uniform() < probability ? Number.NaN : value));
}
