import { absorbColumns } from '../linear-algebra/absorb-columns.js';
import { echelonFactor } from '../linear-algebra/echelon-factor.js';
import { multiplyTransposed } from '../linear-algebra/multiply.js';

/** The result of `RegressionStatistics.solve`. */
export interface Regression {
  /** W, [targets, regressors]. */
  readonly weights: Float64Array;
  /** Sum of E[(y - W x)(y - W x)'] over the cases, divided by their number, [targets, targets]. */
  readonly covariance: Float64Array;
}

/**
 * Expected second moments of regressors x and targets y, summed over cases and stored as a triangular square root: the
 * residual covariance of y regressed on x is then positive semidefinite by construction, and the regression has the
 * accuracy of QR, not of the normal equations.
 */
export class RegressionStatistics {
  private readonly size: number;
  private readonly factor: Float64Array;
  private cases = 0;

  constructor(
    readonly regressors: number,
    readonly targets: number,
  ) {
    this.size = regressors + targets;
    this.factor = new Float64Array(this.size * this.size);
  }

  /**
   * Adds one case: `columns`, [regressors + targets, count], is a square root of E[(x; y)(x; y)'], such as the mean
   * next to a square root of the covariance. It is overwritten.
   */
  add(columns: Float64Array, count: number): void {
    absorbColumns(this.factor, this.size, columns, count);
    this.cases += 1;
  }

  /**
   * Minimizes the expected squared error of y - W x. Regressors that depend linearly on earlier ones get weight 0.
   * Returns null if there are no cases.
   */
  solve(): Regression | null {
    if (this.cases === 0) return null;
    const { size, regressors, targets } = this;
    const echelon = this.factor.slice();
    const pivotRows = new Int32Array(regressors);
    const rank = echelonFactor(echelon, size, size, regressors, pivotRows);
    const weights = new Float64Array(targets * regressors);
    const residual = new Float64Array(targets * (size - rank));
    for (let i = 0; i < targets; i++) {
      const row = (regressors + i) * size;
      for (let p = rank - 1; p >= 0; p--) {
        let sum = echelon[row + p]!;
        for (let q = p + 1; q < rank; q++) {
          sum -= weights[i * regressors + pivotRows[q]!]! * echelon[pivotRows[q]! * size + p]!;
        }
        weights[i * regressors + pivotRows[p]!] = sum / echelon[pivotRows[p]! * size + p]!;
      }
      residual.set(echelon.subarray(row + rank, row + size), i * (size - rank));
    }
    const covariance = new Float64Array(targets * targets);
    multiplyTransposed(covariance, residual, residual, targets, size - rank, targets);
    for (let i = 0; i < covariance.length; i++) covariance[i]! /= this.cases;
    return { weights, covariance };
  }
}
