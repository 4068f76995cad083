import { echelonFactor } from '../linear-algebra/echelon-factor.js';
import { atTime, type LinearGaussianModel } from './model.js';

/**
 * The distribution of z_t given z_{t+1} and the observations up to t, in square-root form. [F L, L_Q; L, 0] is a square
 * root of the covariance of (z_{t+1}, z_t); in echelon form it reads [P, 0; X, Y], so that z_t = m_t + X w + Y e with e
 * ~ N(0, I) and w = P^-1 (z_{t+1} - predicted mean), using only the pivot rows of P. A singular predicted covariance,
 * which a singular Q can cause, has fewer pivots and needs no pseudo-inverse.
 */
export class BackwardStep {
  /** [P, 0; X, Y], [2n, 2n]; rows n to 2n - 1 hold X in the first `rank` columns and Y in the others. */
  readonly joint: Float64Array;
  /** Number of columns of P and X. */
  rank = 0;
  private readonly n: number;
  private readonly pivotRows: Int32Array;

  constructor(private readonly model: LinearGaussianModel) {
    this.n = model.stateSize;
    this.joint = new Float64Array(4 * this.n * this.n);
    this.pivotRows = new Int32Array(this.n);
  }

  /** Prepares for time t, given the factors of all filtered covariances, [T, n, n]. */
  prepare(t: number, filteredFactors: Float64Array): void {
    const { n, joint } = this;
    const F = atTime(this.model.parameters.F, t);
    const noise = atTime(this.model.factors.Q, t);
    const factor = t * n * n;
    const width = 2 * n;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let product = 0;
        for (let k = j; k < n; k++) product += F[i * n + k]! * filteredFactors[factor + k * n + j]!;
        joint[i * width + j] = product;
        joint[i * width + n + j] = noise[i * n + j]!;
        joint[(n + i) * width + j] = filteredFactors[factor + i * n + j]!;
        joint[(n + i) * width + n + j] = 0;
      }
    }
    this.rank = echelonFactor(joint, width, width, n, this.pivotRows);
  }

  /**
   * Computes out = X P^-1 V, [n, columns], for displacements V, [n, columns], of z_{t+1} that its predicted covariance
   * allows. `scratch` has room for [n, columns].
   */
  regress(out: Float64Array, v: Float64Array, columns: number, scratch: Float64Array): void {
    const { n, joint, rank, pivotRows } = this;
    const width = 2 * n;
    for (let p = 0; p < rank; p++) {
      const row = pivotRows[p]!;
      for (let c = 0; c < columns; c++) {
        let sum = v[row * columns + c]!;
        for (let q = 0; q < p; q++) sum -= joint[row * width + q]! * scratch[q * columns + c]!;
        scratch[p * columns + c] = sum / joint[row * width + p]!;
      }
    }
    for (let i = 0; i < n; i++) {
      const row = (n + i) * width;
      for (let c = 0; c < columns; c++) {
        let sum = 0;
        for (let p = 0; p < rank; p++) sum += joint[row + p]! * scratch[p * columns + c]!;
        out[i * columns + c] = sum;
      }
    }
  }
}
