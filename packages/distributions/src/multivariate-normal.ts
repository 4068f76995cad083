import { fillTensor } from '@maxent/backend';
import { InvalidInputError, type Rng, requireObject, requireRng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import type { DiagonalNormal } from './diagonal-normal.js';
import type { Distribution, SampleAndLogProb } from './distribution.js';
import { checkSampleShape, requireTensor } from './shapes.js';

export interface MultivariateNormalParameters {
  /** [...batchShape, n]. */
  readonly mean: tf.Tensor;
  /**
   * The factor L of the covariance L L^T, [...batchShape, n, n]: lower triangular with a positive diagonal. Entries
   * above the diagonal are ignored.
   */
  readonly scaleTril: tf.Tensor;
}

/**
 * Normal distributions of vectors with full covariance L L^T: with z = L^-1 (x - mean),
 * log p(x) = -|z|^2 / 2 - sum_i log L_ii - n log(2 pi) / 2. It is meant for small n, because triangular systems are
 * solved row by row.
 *
 * @throws InvalidInputError if the two shapes are not compatible.
 */
export class MultivariateNormal implements Distribution {
  /** @internal The same in every copy of this package. */
  static readonly kind: symbol = Symbol.for('@maxent/distributions/MultivariateNormal');
  readonly reparameterized = true;
  private readonly location: tf.Tensor;
  private readonly scale: tf.Tensor;

  constructor(parameters: MultivariateNormalParameters) {
    requireObject('parameters', parameters, '{ mean, scaleTril }');
    const { mean, scaleTril } = parameters;
    requireTensor('mean', mean);
    requireTensor('scaleTril', scaleTril);
    const expected = [...mean.shape, mean.shape.at(-1)];
    if (mean.rank === 0 || scaleTril.shape.join() !== expected.join()) {
      throw new InvalidInputError(
        'scaleTril',
        `expected shape [..., n, n] with a mean of shape [..., n], got [${scaleTril.shape}] with [${mean.shape}]`,
      );
    }
    this.location = mean;
    this.scale = scaleTril;
  }

  /** The same distribution with a full covariance. */
  static fromDiagonal(normal: DiagonalNormal): MultivariateNormal {
    const [size] = normal.eventShape as [number];
    const scaleTril = tf.mul(tf.expandDims(normal.std(), -1), tf.eye(size));
    return new MultivariateNormal({ mean: normal.mean(), scaleTril });
  }

  get batchShape(): readonly number[] {
    return this.location.shape.slice(0, -1);
  }

  get eventShape(): readonly number[] {
    return this.location.shape.slice(-1);
  }

  mean(): tf.Tensor {
    return this.location.clone();
  }

  /** L, with zeros above the diagonal. */
  scaleTril(): tf.Tensor {
    const size = this.size();
    return tf.tidy(() => {
      const kept = tf.tensor2d(
        Float32Array.from({ length: size * size }, (_, i) => (i % size <= Math.floor(i / size) ? 1 : 0)),
        [size, size],
      );
      return tf.mul(this.scale, kept);
    });
  }

  /** sum_i log L_ii, which is half the log-determinant of the covariance, [...batchShape]. */
  halfLogDeterminant(): tf.Tensor {
    return tf.tidy(() => tf.sum(tf.log(tf.sum(tf.mul(this.scale, tf.eye(this.size())), -1)), -1));
  }

  /** L^-1 b, column by column; b: [..., n, columns]. */
  whiten(b: tf.Tensor): tf.Tensor {
    return tf.tidy(() => solveLowerTriangular(this.scale, b));
  }

  sample(rng: Rng, sampleShape: readonly number[] = []): tf.Tensor {
    return tf.tidy(() => this.displace(this.noise(rng, sampleShape)));
  }

  sampleAndLogProb(rng: Rng, sampleShape: readonly number[] = []): SampleAndLogProb {
    return tf.tidy(() => {
      const noise = this.noise(rng, sampleShape);
      return { sample: this.displace(noise), logProb: this.logDensity(noise) };
    });
  }

  logProb(value: tf.Tensor): tf.Tensor {
    requireTensor('value', value);
    const size = this.size();
    if (value.shape.at(-1) !== size) {
      throw new InvalidInputError('value', `expected shape [..., ${size}], got [${value.shape}]`);
    }
    return tf.tidy(() => {
      const deviation = tf.expandDims(tf.sub(value, this.location), -1);
      return this.logDensity(tf.squeeze(this.whiten(deviation), [-1]));
    });
  }

  /** n (1 + log(2 pi)) / 2 + sum_i log L_ii. */
  entropy(): tf.Tensor {
    const constant = 0.5 * this.size() * (1 + Math.log(2 * Math.PI));
    return tf.tidy(() => tf.add(this.halfLogDeterminant(), constant));
  }

  mode(): tf.Tensor {
    return this.mean();
  }

  private size(): number {
    return this.eventShape[0]!;
  }

  private noise(rng: Rng, sampleShape: readonly number[]): tf.Tensor {
    requireRng(rng);
    checkSampleShape(sampleShape);
    return fillTensor([...sampleShape, ...this.location.shape], (values) => rng.fillNormal(values));
  }

  private displace(noise: tf.Tensor): tf.Tensor {
    // Avoid matMul: its gradient does not sum over broadcast batch dimensions.
    return tf.add(this.location, tf.sum(tf.mul(this.scaleTril(), tf.expandDims(noise, -2)), -1));
  }

  private logDensity(whitened: tf.Tensor): tf.Tensor {
    const constant = 0.5 * this.size() * Math.log(2 * Math.PI);
    const squares = tf.mul(tf.sum(tf.square(whitened), -1), -0.5);
    return tf.sub(squares, tf.add(this.halfLogDeterminant(), constant));
  }
}

/** x with L x = b by forward substitution, [..., n, columns]; batch dimensions broadcast. tfjs has no such solver. */
function solveLowerTriangular(lower: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const size = lower.shape.at(-1)!;
  const rows: tf.Tensor[] = [];
  for (let i = 0; i < size; i++) {
    let row = block(b, i, 0, b.shape.at(-1)!);
    if (i > 0) {
      // [..., i, 1]: the row's coefficients of the entries that are already solved.
      const known = tf.reshape(block(lower, i, 0, i), [...lower.shape.slice(0, -2), i, 1]);
      row = tf.sub(row, tf.sum(tf.mul(known, tf.concat(rows, -2)), -2, true));
    }
    rows.push(tf.div(row, block(lower, i, i, 1)));
  }
  return tf.concat(rows, -2);
}

/** Columns `column` to `column + columns - 1` of one row of a batch of matrices, [..., 1, columns]. */
function block(matrices: tf.Tensor, row: number, column: number, columns: number): tf.Tensor {
  const batch = matrices.shape.slice(0, -2);
  return tf.slice(matrices, [...batch.map(() => 0), row, column], [...batch, 1, columns]);
}
