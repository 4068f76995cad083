import { cholesky, choleskySolve } from '../linear-algebra/cholesky.js';
import { multiply } from '../linear-algebra/multiply.js';
import { addObservationEffects } from './effects.js';
import { atTime, type LinearGaussianModel } from './model.js';

/**
 * The observation at time t as a linear function of the state and noise, given its observed components:
 * y = constant + loadings z + residual e, e ~ N(0, I) over the missing components. Observed components are constants.
 */
export interface ImputedObservation {
  /** [m] */
  readonly constant: Float64Array;
  /** [m, n] */
  readonly loadings: Float64Array;
  /** [m, missing] */
  readonly residual: Float64Array;
  readonly missing: number;
}

/**
 * Regresses the missing components on the state and, through the correlations in R, on the observed ones. Null when all
 * are missing.
 */
export function imputeObservation(
  model: LinearGaussianModel,
  t: number,
  observations: Float64Array,
  inputs: Float64Array | undefined,
): ImputedObservation | null {
  const n = model.stateSize;
  const m = model.observationSize;
  const constant = observations.slice(t * m, (t + 1) * m);
  const observed: number[] = [];
  const missing: number[] = [];
  constant.forEach((value, i) => {
    (Number.isNaN(value) ? missing : observed).push(i);
  });
  if (observed.length === 0) return null;
  const loadings = new Float64Array(m * n);
  const residual = new Float64Array(m * missing.length);
  if (missing.length === 0) return { constant, loadings, residual, missing: 0 };
  const H = atTime(model.parameters.H, t);
  const R = atTime(model.parameters.R, t);
  const effects = new Float64Array(m);
  addObservationEffects(effects, model, t, inputs, t * model.inputSize);
  const select = (rows: readonly number[], columns: readonly number[]) =>
    Float64Array.from({ length: rows.length * columns.length }, (_, i) => {
      const row = rows[Math.floor(i / columns.length)]!;
      return R[row * m + columns[i % columns.length]!]!;
    });
  // [observed, missing]: R_oo^-1 R_om
  const regression = select(observed, missing);
  const factor = select(observed, observed);
  cholesky(factor, factor, observed.length);
  choleskySolve(factor, observed.length, regression, missing.length);
  const explained = new Float64Array(missing.length * missing.length);
  multiply(explained, select(missing, observed), regression, missing.length, observed.length, missing.length);
  const rest = select(missing, missing).map((value, i) => value - explained[i]!);
  cholesky(rest, rest, missing.length);
  missing.forEach((row, a) => {
    let value = effects[row]!;
    for (let j = 0; j < n; j++) loadings[row * n + j] = H[row * n + j]!;
    observed.forEach((source, b) => {
      const weight = regression[b * missing.length + a]!;
      value += weight * (constant[source]! - effects[source]!);
      for (let j = 0; j < n; j++) loadings[row * n + j]! -= weight * H[source * n + j]!;
    });
    constant[row] = value;
    residual.set(rest.subarray(a * missing.length, (a + 1) * missing.length), row * missing.length);
  });
  return { constant, loadings, residual, missing: missing.length };
}
