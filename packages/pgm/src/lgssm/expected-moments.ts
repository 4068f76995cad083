import { multiply } from '../linear-algebra/multiply.js';
import { imputeObservation } from './impute.js';
import { kalmanFilter } from './kalman-filter.js';
import { type EquationParts, LinearEquation } from './linear-equation.js';
import type { LinearGaussianModel, LinearGaussianParameters } from './model.js';
import type { LinearGaussianSeriesOptions } from './series.js';
import { SquareRootSmoother } from './square-root-smoother.js';

/** One sequence to fit: observations, [T, m], NaN where missing, and its inputs, [T, k]. */
export interface LinearGaussianSequence extends LinearGaussianSeriesOptions {
  readonly observations: Float64Array;
}

/** Expected moments of states and observations under a model, and the parameters that fit them best. */
export class ExpectedMoments {
  private readonly initial: LinearEquation;
  private readonly transition: LinearEquation;
  private readonly emission: LinearEquation;

  constructor(
    private readonly model: LinearGaussianModel,
    estimated: ReadonlySet<keyof LinearGaussianParameters>,
  ) {
    const { stateSize: n, observationSize: m, inputSize: k } = model;
    const { initialMean, initialCovariance, F, Q, H, R, B, D, b, d } = model.parameters;
    const parts = (
      coefficients: keyof LinearGaussianParameters | null,
      inputCoefficients: keyof LinearGaussianParameters | null,
      offset: keyof LinearGaussianParameters,
      covariance: keyof LinearGaussianParameters,
    ): EquationParts => ({
      coefficients: coefficients !== null && estimated.has(coefficients),
      inputCoefficients: inputCoefficients !== null && estimated.has(inputCoefficients),
      offset: estimated.has(offset),
      covariance: estimated.has(covariance),
    });
    this.initial = new LinearEquation(
      { offset: initialMean, covariance: initialCovariance },
      parts(null, null, 'initialMean', 'initialCovariance'),
      0,
      0,
      n,
    );
    this.transition = new LinearEquation(
      { coefficients: F, inputCoefficients: B, offset: b, covariance: Q },
      parts('F', 'B', 'b', 'Q'),
      n,
      k,
      n,
    );
    this.emission = new LinearEquation(
      { coefficients: H, inputCoefficients: D, offset: d, covariance: R },
      parts('H', 'D', 'd', 'R'),
      n,
      k,
      m,
    );
  }

  /** Adds the expected moments of one sequence and returns its log-likelihood. */
  add(sequence: LinearGaussianSequence): number {
    const { model } = this;
    const filtered = kalmanFilter(model, sequence.observations, sequence);
    const smoother = new SquareRootSmoother(model, filtered);
    for (let t = smoother.time; t >= 0; t--) {
      if (t < smoother.time) {
        smoother.step();
        this.addTransition(t, smoother, sequence);
      }
      this.addEmission(t, smoother, sequence);
    }
    this.addInitial(smoother);
    return filtered.logLikelihood;
  }

  maximize(): LinearGaussianParameters {
    const { parameters } = this.model;
    const initial = this.initial.maximize();
    const transition = this.transition.maximize();
    const emission = this.emission.maximize();
    const { inputCoefficients: B, offset: b } = transition;
    const { inputCoefficients: D, offset: d } = emission;
    return {
      initialMean: initial.offset as Float64Array,
      initialCovariance: initial.covariance as Float64Array,
      F: transition.coefficients ?? parameters.F,
      Q: transition.covariance,
      H: emission.coefficients ?? parameters.H,
      R: emission.covariance,
      ...(B !== undefined && { B }),
      ...(D !== undefined && { D }),
      ...(b !== undefined && { b }),
      ...(d !== undefined && { d }),
    };
  }

  private addInitial(smoother: SquareRootSmoother): void {
    const n = this.model.stateSize;
    const count = n + 1;
    const moments = new Float64Array((1 + n) * count);
    moments[0] = 1;
    for (let i = 0; i < n; i++) {
      const row = (1 + i) * count;
      moments[row] = smoother.mean[i]!;
      moments.set(smoother.factor.subarray(i * n, (i + 1) * n), row + 1);
    }
    this.initial.add(0, moments, count);
  }

  /** Adds the transition from time t, where the smoother is, to t + 1. */
  private addTransition(
    t: number,
    smoother: SquareRootSmoother,
    { inputs }: LinearGaussianSeriesOptions,
  ): void {
    const { stateSize: n, inputSize: k } = this.model;
    // One column for the means, n for what z_t shares with z_{t+1}, the rest for what is left of z_t.
    const { columnCount } = smoother;
    const count = 1 + columnCount;
    const moments = new Float64Array((n + k + 1 + n) * count);
    const columns = new Float64Array(n * columnCount);
    smoother.writeColumns(columns);
    this.setConstants(moments, count, t, inputs);
    for (let i = 0; i < n; i++) {
      const row = i * count;
      moments[row] = smoother.mean[i]!;
      moments.set(columns.subarray(i * columnCount, (i + 1) * columnCount), row + 1);
      const target = (n + k + 1 + i) * count;
      moments[target] = smoother.nextMean[i]!;
      moments.set(smoother.nextFactor.subarray(i * n, (i + 1) * n), target + 1);
    }
    this.transition.add(t, moments, count);
  }

  private addEmission(t: number, smoother: SquareRootSmoother, sequence: LinearGaussianSequence): void {
    const { stateSize: n, inputSize: k, observationSize: m } = this.model;
    const imputed = imputeObservation(this.model, t, sequence.observations, sequence.inputs);
    if (imputed === null) return;
    const count = 1 + n + imputed.missing;
    const moments = new Float64Array((n + k + 1 + m) * count);
    this.setConstants(moments, count, t, sequence.inputs);
    const states = new Float64Array(n * (1 + n));
    for (let i = 0; i < n; i++) {
      states[i * (1 + n)] = smoother.mean[i]!;
      states.set(smoother.factor.subarray(i * n, (i + 1) * n), i * (1 + n) + 1);
      moments.set(states.subarray(i * (1 + n), (i + 1) * (1 + n)), i * count);
    }
    const targets = new Float64Array(m * (1 + n));
    multiply(targets, imputed.loadings, states, m, n, 1 + n);
    for (let i = 0; i < m; i++) {
      const row = (n + k + 1 + i) * count;
      moments.set(targets.subarray(i * (1 + n), (i + 1) * (1 + n)), row);
      moments[row]! += imputed.constant[i]!;
      const residual = imputed.residual.subarray(i * imputed.missing, (i + 1) * imputed.missing);
      moments.set(residual, row + 1 + n);
    }
    this.emission.add(t, moments, count);
  }

  /** Sets inputs and the constant 1. They are known, so they appear only in the column of the means. */
  private setConstants(
    moments: Float64Array,
    count: number,
    t: number,
    inputs: Float64Array | undefined,
  ): void {
    const { stateSize: n, inputSize: k } = this.model;
    for (let j = 0; j < k; j++) moments[(n + j) * count] = inputs![t * k + j]!;
    moments[(n + k) * count] = 1;
  }
}
