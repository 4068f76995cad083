import { luFactor, luSolve } from '../../linear-algebra/lu.js';
import { multiply, multiplyTransposed } from '../../linear-algebra/multiply.js';
import { atTime, type LinearGaussianModel, type TimeVarying } from '../model.js';

/** Mean and covariance of states given observed components, all times at once, and the log density of the latter. */
export interface DensePosterior {
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
  readonly logLikelihood: number;
}

/**
 * The oracle: every state and observation written as a linear function of all the noises, their joint Gaussian formed
 * in full and conditioned once. No recursion over time, no code in common with the filter.
 */
export class DenseJoint {
  private readonly n: number;
  private readonly m: number;
  /** Rows: all states, then all observations; columns: initial, transition and observation noises. */
  private readonly loadings: Float64Array;
  private readonly mean: Float64Array;
  private readonly covariance: Float64Array;

  constructor(
    model: LinearGaussianModel,
    private readonly count: number,
    inputs = new Float64Array(0),
  ) {
    const n = model.stateSize;
    const m = model.observationSize;
    const k = model.inputSize;
    this.n = n;
    this.m = m;
    const { initialMean, initialCovariance, F, Q, H, R, B, D, b, d } = model.parameters;
    const width = count * (n + m);
    this.loadings = new Float64Array(width * width);
    this.mean = new Float64Array(width);
    const noise = new Float64Array(width * width);
    const place = (start: number, size: number, block: Float64Array) => {
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) noise[(start + i) * width + start + j] = block[i * size + j]!;
      }
    };
    const effect = (
      matrix: TimeVarying | undefined,
      offset: TimeVarying | undefined,
      i: number,
      t: number,
    ): number => {
      let sum = offset === undefined ? 0 : atTime(offset, t)[i]!;
      if (matrix !== undefined) {
        for (let j = 0; j < k; j++) sum += atTime(matrix, t)[i * k + j]! * inputs[t * k + j]!;
      }
      return sum;
    };
    for (let t = 0; t < count; t++) {
      place(t * n, n, t === 0 ? initialCovariance : atTime(Q, t - 1));
      place(count * n + t * m, m, atTime(R, t));
      for (let i = 0; i < n; i++) {
        const row = t * n + i;
        this.loadings[row * width + row] = 1;
        this.mean[row] = t === 0 ? initialMean[i]! : effect(B, b, i, t - 1);
        for (let j = 0; t > 0 && j < n; j++) {
          this.addRow(row, (t - 1) * n + j, atTime(F, t - 1)[i * n + j]!, width);
        }
      }
      for (let i = 0; i < m; i++) {
        const row = count * n + t * m + i;
        this.loadings[row * width + row] = 1;
        this.mean[row] = effect(D, d, i, t);
        for (let j = 0; j < n; j++) this.addRow(row, t * n + j, atTime(H, t)[i * n + j]!, width);
      }
    }
    const half = new Float64Array(width * width);
    multiply(half, this.loadings, noise, width, width, width);
    this.covariance = new Float64Array(width * width);
    multiplyTransposed(this.covariance, half, this.loadings, width, width, width);
  }

  /** Returns all T states given the observations of times 0 .. lastTime, [T * n] and [T * n, T * n]. */
  statesGiven(observations: Float64Array, lastTime = this.count - 1): DensePosterior {
    const rows = Array.from({ length: this.count * this.n }, (_, i) => i);
    return this.given(rows, observations, lastTime);
  }

  /** Returns the observations from time `from` on, given the observations of times 0 .. lastTime. */
  observationsGiven(observations: Float64Array, lastTime: number, from: number): DensePosterior {
    const length = (this.count - from) * this.m;
    const rows = Array.from({ length }, (_, i) => this.count * this.n + from * this.m + i);
    return this.given(rows, observations, lastTime);
  }

  private given(rows: readonly number[], observations: Float64Array, lastTime: number): DensePosterior {
    const width = this.mean.length;
    const observed: number[] = [];
    for (let i = 0; i < (lastTime + 1) * this.m; i++) if (!Number.isNaN(observations[i])) observed.push(i);
    const size = observed.length;
    const index = observed.map((i) => this.count * this.n + i);
    const factors = new Float64Array(size * size);
    const pivots = new Int32Array(size);
    index.forEach((i, a) => {
      index.forEach((j, b) => {
        factors[a * size + b] = this.covariance[i * width + j]!;
      });
    });
    if (size > 0 && !luFactor(factors, pivots, size)) throw new Error('the observations are degenerate');
    const residual = Float64Array.from(observed, (i, a) => observations[i]! - this.mean[index[a]!]!);
    const solved = residual.slice();
    luSolve(factors, pivots, size, solved, 1);
    const cross = new Float64Array(size * rows.length);
    index.forEach((i, a) => {
      rows.forEach((j, b) => {
        cross[a * rows.length + b] = this.covariance[i * width + j]!;
      });
    });
    const regression = cross.slice();
    luSolve(factors, pivots, size, regression, rows.length);
    const mean = Float64Array.from(rows, (row, b) => {
      let sum = this.mean[row]!;
      for (let a = 0; a < size; a++) sum += cross[a * rows.length + b]! * solved[a]!;
      return sum;
    });
    const covariance = new Float64Array(rows.length * rows.length);
    rows.forEach((row, b) => {
      rows.forEach((column, c) => {
        let sum = this.covariance[row * width + column]!;
        for (let a = 0; a < size; a++) {
          sum -= cross[a * rows.length + b]! * regression[a * rows.length + c]!;
        }
        covariance[b * rows.length + c] = sum;
      });
    });
    let logLikelihood = -0.5 * size * Math.log(2 * Math.PI);
    for (let a = 0; a < size; a++) {
      logLikelihood -= 0.5 * (Math.log(Math.abs(factors[a * size + a]!)) + residual[a]! * solved[a]!);
    }
    return { mean, covariance, logLikelihood };
  }

  private addRow(target: number, source: number, factor: number, width: number): void {
    for (let c = 0; c < width; c++) {
      this.loadings[target * width + c]! += factor * this.loadings[source * width + c]!;
    }
    this.mean[target]! += factor * this.mean[source]!;
  }
}
