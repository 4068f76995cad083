import { readTensor } from '@maxent/backend';
import { Rng } from '@maxent/core';
import { DiagonalNormal } from '@maxent/distributions';
import * as tf from '@tensorflow/tfjs-core';
import type { ElboOptions } from '../index.js';

/**
 * p(z) = N(0, I), p(x | z) = N(W z, noise^2 I), q(z) = N(mean, diag(exp(logStd))^2), with one datum x: bounds,
 * evidence and gradients have closed forms. W is row-major, [observed, latent].
 */
export interface LinearGaussian {
  readonly x: readonly number[];
  readonly weights: readonly number[];
  readonly noise: number;
  readonly mean: readonly number[];
  readonly logStd: readonly number[];
}

export const EXAMPLE: LinearGaussian = {
  x: [0.7, -1.2, 0.4],
  weights: [0.9, -0.3, 0.2, 0.8, -0.5, 0.4],
  noise: 0.8,
  mean: [0.5, -0.4],
  logStd: [-0.2, -0.6],
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const LOG_TWO_PI = Math.log(2 * Math.PI);

/** Returns the evidence lower bound and its derivatives in mean, logStd and weights, one after the other. */
export function exactElbo({ x, weights, noise, mean, logStd }: LinearGaussian): {
  elbo: number;
  gradient: number[];
} {
  const latent = mean.length;
  const precision = noise ** -2;
  const weight = (i: number, j: number): number => weights[i * latent + j]!;
  const residual = x.map((value, i) => value - sum(mean.map((m, j) => weight(i, j) * m)));
  const variance = logStd.map((value) => Math.exp(2 * value));
  const columnSquare = mean.map((_, j) => sum(x.map((_, i) => weight(i, j) ** 2)));
  const squares = sum(residual.map((r) => r * r)) + sum(variance.map((v, j) => v * columnSquare[j]!));
  const likelihood = -0.5 * precision * squares - 0.5 * x.length * (LOG_TWO_PI + 2 * Math.log(noise));
  const kl = 0.5 * sum(mean.map((m, j) => variance[j]! + m * m - 1 - 2 * logStd[j]!));
  return {
    elbo: likelihood - kl,
    gradient: [
      ...mean.map((m, j) => precision * sum(residual.map((r, i) => r * weight(i, j))) - m),
      ...variance.map((v, j) => 1 - v - precision * v * columnSquare[j]!),
      ...weights.map((w, index) => {
        const [i, j] = [Math.floor(index / latent), index % latent];
        return precision * (residual[i]! * mean[j]! - w * variance[j]!);
      }),
    ],
  };
}

/** Returns log p(x) = log N(x; 0, W W^T + noise^2 I), by elimination. */
export function logEvidence({ x, weights, noise, mean }: LinearGaussian): number {
  const [n, latent] = [x.length, mean.length];
  const rows = x.map((value, i) => [
    ...x.map((_, k) => {
      const products = mean.map((_, j) => weights[i * latent + j]! * weights[k * latent + j]!);
      return sum(products) + (i === k ? noise ** 2 : 0);
    }),
    value,
  ]);
  let logDeterminant = 0;
  let quadratic = 0;
  for (let k = 0; k < n; k++) {
    const pivot = rows[k]!;
    logDeterminant += Math.log(pivot[k]!);
    quadratic += pivot[n]! ** 2 / pivot[k]!;
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i]![k]! / pivot[k]!;
      for (let column = k; column <= n; column++) rows[i]![column]! -= factor * pivot[column]!;
    }
  }
  return -0.5 * (quadratic + logDeterminant + n * LOG_TWO_PI);
}

export interface Estimates {
  /** The bound, [replicates]. */
  readonly values: Float32Array;
  /** Of mean, logStd and weights, [replicates] of [parameters]. */
  readonly gradients: readonly number[][];
}

/**
 * Independent estimates in one go: every replicate is a datum of a batch with parameters of its own, so that the
 * gradient of the sum holds the gradient of each.
 */
export function estimates(
  model: LinearGaussian,
  estimator: (options: ElboOptions & { logLikelihood: (latent: tf.Tensor) => tf.Tensor }) => tf.Tensor,
  { replicates, numParticles, seed = 1 }: { replicates: number; numParticles: number; seed?: number },
): Estimates {
  const { x, mean, logStd, weights, noise } = model;
  return tf.tidy(() => {
    const repeat = (row: readonly number[], shape: number[] = [row.length]): tf.Tensor =>
      tf.tile(tf.tensor(row as number[], [1, ...shape]), [replicates, ...shape.map(() => 1)]);
    const observed = tf.tensor1d(x as number[]);
    const bound = (mean: tf.Tensor, logStd: tf.Tensor, weights: tf.Tensor): tf.Tensor => {
      const logLikelihood = (latent: tf.Tensor): tf.Tensor => {
        const predicted = tf.sum(tf.mul(weights, tf.expandDims(latent, -2)), -1);
        return new DiagonalNormal({ mean: predicted, std: tf.scalar(noise) }).logProb(observed);
      };
      return estimator({
        posterior: new DiagonalNormal({ mean, logStd }),
        numParticles,
        rng: Rng.fromSeed(seed),
        logLikelihood,
        logJoint: (latent) => tf.add(logLikelihood(latent), standardNormal(model).logProb(latent)),
      });
    };
    const parameters = [repeat(mean), repeat(logStd), repeat(weights, [x.length, mean.length])] as const;
    const { value, grads } = tf.valueAndGrads(bound as (...inputs: tf.Tensor[]) => tf.Tensor)([
      ...parameters,
    ]);
    const rows = tf.concat(
      grads.map((gradient) => tf.reshape(gradient, [replicates, -1])),
      1,
    ) as tf.Tensor2D;
    return { values: readTensor(value), gradients: rows.arraySync() };
  });
}

export function standardNormal({ mean }: LinearGaussian): DiagonalNormal {
  return new DiagonalNormal({ mean: tf.zeros([mean.length]), logStd: tf.scalar(0) });
}

/** Returns the mean and its standard error. */
export function meanAndError(values: ArrayLike<number>): { mean: number; variance: number; error: number } {
  const numbers = Array.from(values);
  const mean = sum(numbers) / numbers.length;
  const variance = sum(numbers.map((value) => (value - mean) ** 2)) / (numbers.length - 1);
  return { mean, variance, error: Math.sqrt(variance / numbers.length) };
}

/** Returns the same for each column of a table. */
export function columnStatistics(rows: readonly number[][]): ReturnType<typeof meanAndError>[] {
  return rows[0]!.map((_, column) => meanAndError(rows.map((row) => row[column]!)));
}
