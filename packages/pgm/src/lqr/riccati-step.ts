import { absorbColumns } from '../linear-algebra/absorb-columns.js';
import { choleskyLogDeterminant, choleskySolve } from '../linear-algebra/cholesky.js';
import { multiply, transposedMultiply } from '../linear-algebra/multiply.js';
import { symmetrize } from '../linear-algebra/symmetrize.js';
import { solveLower } from '../linear-algebra/triangular-solve.js';
import type { CheckedLqrOptions, CheckedLqrProblem } from './lqr-problem.js';

/**
 * One step of the backward pass, from V'(x') = -x''P' x' / 2 + c' to V(x) = -x'P x / 2 + c. With W the covariance of
 * the noise, tau the temperature and G = R + discount B'P~ B:
 *
 * - variational: E V' = -y'P' y / 2 - tr(P' W) / 2 + c' at y = A x + B u, so that P~ = P';
 * - exact: tau log E exp(V' / tau) = -y'P~ y / 2 - (tau / 2) log|I + W P' / tau| + c', P~ = P' (I + W P' / tau)^-1;
 * - K = G^-1 discount B'P~ A, the policy is N(-K x, tau G^-1),
 * - P = Q + K'R K + discount (A - B K)'P~ (A - B K),
 * - c = discount (c' + the noise's term) + (tau / 2) (m log(2 pi tau) - log|G|), the last from the integral over u.
 *
 * P and P~ are stored as square roots and added by orthogonal transformations: they stay symmetric and positive
 * semidefinite, and nothing large is subtracted from anything large. Nothing is allocated after construction.
 */
export class RiccatiStep {
  /** The lower-triangular square root of P, [n, n]; before a step, of P'. */
  readonly factor: Float64Array;
  /** [m, n] */
  readonly gain: Float64Array;
  /** tau G^-1, [m, m] */
  readonly policyCovariance: Float64Array;

  /** C^-1 L', the transpose of a square root of P~; [n, n]. */
  private readonly predicted: Float64Array;
  /** Lower-triangular C with C C' = I + L'W L / tau; [n, n]. */
  private readonly tilt: Float64Array;
  private readonly noise: Float64Array;
  private readonly throughA: Float64Array;
  private readonly throughB: Float64Array;
  private readonly curvature: Float64Array;
  private readonly columns: Float64Array;

  /** Starts at the terminal cost. */
  constructor(
    private readonly problem: CheckedLqrProblem,
    private readonly options: CheckedLqrOptions,
  ) {
    const { stateSize: n, controlSize: m } = problem;
    this.factor = problem.factors.terminalCost.slice();
    this.gain = new Float64Array(m * n);
    this.policyCovariance = new Float64Array(m * m);
    this.predicted = new Float64Array(n * n);
    this.tilt = new Float64Array(n * n);
    this.noise = new Float64Array(n * n);
    this.throughA = new Float64Array(n * n);
    this.throughB = new Float64Array(n * m);
    this.curvature = new Float64Array(m * m);
    this.columns = new Float64Array(n * (m + n));
  }

  /** Moves `factor`, `gain` and `policyCovariance` one step back. Returns c - discount c'. */
  step(): number {
    const { stateSize: n, controlSize: m, A, B, factors } = this.problem;
    const { temperature, discount } = this.options;
    const { throughA, throughB, curvature, gain, policyCovariance } = this;
    const noiseTerm = this.predict();
    const root = Math.sqrt(discount);
    multiply(throughA, this.predicted, A, n, n, n);
    multiply(throughB, this.predicted, B, n, n, m);
    for (let i = 0; i < n * n; i++) throughA[i]! *= root;
    for (let i = 0; i < n * m; i++) throughB[i]! *= root;

    transposedMultiply(gain, throughB, throughA, m, n, n);
    curvature.set(factors.R);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < m; j++) this.columns[j * n + i] = throughB[i * m + j]!;
    }
    absorbColumns(curvature, m, this.columns, n);
    choleskySolve(curvature, m, gain, n);
    policyCovariance.fill(0);
    for (let i = 0; i < m; i++) policyCovariance[i * m + i] = temperature;
    choleskySolve(curvature, m, policyCovariance, m);
    symmetrize(policyCovariance, m);

    this.addCosts();
    return (
      discount * noiseTerm +
      0.5 * temperature * (m * Math.log(2 * Math.PI * temperature) - choleskyLogDeterminant(curvature, m))
    );
  }

  /** Sets `predicted` and returns the constant that the noise adds. */
  private predict(): number {
    const { stateSize: n, factors } = this.problem;
    const { temperature, inference } = this.options;
    const { predicted, tilt, noise, factor } = this;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) predicted[i * n + j] = factor[j * n + i]!;
    multiply(noise, predicted, factors.noiseCovariance, n, n, n);
    if (inference === 'variational') {
      let trace = 0;
      for (let i = 0; i < n * n; i++) trace += noise[i]! * noise[i]!;
      return -0.5 * trace;
    }
    const root = Math.sqrt(temperature);
    for (let i = 0; i < n * n; i++) noise[i]! /= root;
    tilt.fill(0);
    for (let i = 0; i < n; i++) tilt[i * n + i] = 1;
    absorbColumns(tilt, n, noise, n);
    solveLower(tilt, n, predicted, n);
    return -0.5 * temperature * choleskyLogDeterminant(tilt, n);
  }

  /** Sets `factor` to the square root of Q + K'R K + Z'Z, where Z'Z = discount (A - B K)'P~ (A - B K). */
  private addCosts(): void {
    const { stateSize: n, controlSize: m, factors } = this.problem;
    const { throughA, throughB, gain, columns } = this;
    const width = m + n;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < m; j++) {
        let sum = 0;
        for (let k = j; k < m; k++) sum += gain[k * n + i]! * factors.R[k * m + j]!;
        columns[i * width + j] = sum;
      }
      for (let j = 0; j < n; j++) {
        let sum = throughA[j * n + i]!;
        for (let k = 0; k < m; k++) sum -= throughB[j * m + k]! * gain[k * n + i]!;
        columns[i * width + m + j] = sum;
      }
    }
    this.factor.set(factors.Q);
    absorbColumns(this.factor, n, columns, width);
  }
}
