import { absorbColumns } from '../linear-algebra/absorb-columns.js';
import { solveLower } from '../linear-algebra/triangular-solve.js';
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
 * Regresses the missing components on the state and, through the correlations in R, on the observed ones. Returns null
 * if all are missing.
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
  const effects = new Float64Array(m);
  addObservationEffects(effects, model, t, inputs, t * model.inputSize);
  // The triangular square root of R with the observed components first: [L_o, 0; L_mo, L_m].
  const noiseFactor = atTime(model.factors.R, t);
  const lower = new Float64Array(m * m);
  const columns = new Float64Array(m * m);
  [...observed, ...missing].forEach((source, i) => {
    columns.set(noiseFactor.subarray(source * m, (source + 1) * m), i * m);
  });
  absorbColumns(lower, m, columns, m);
  // L_o^-1 (y - D u - d)_o next to L_o^-1 H_o, [observed, 1 + n].
  const count = observed.length;
  const corner = new Float64Array(count * count);
  const whitened = new Float64Array(count * (1 + n));
  observed.forEach((source, i) => {
    corner.set(lower.subarray(i * m, i * m + count), i * count);
    whitened[i * (1 + n)] = constant[source]! - effects[source]!;
    whitened.set(H.subarray(source * n, (source + 1) * n), i * (1 + n) + 1);
  });
  solveLower(corner, count, whitened, 1 + n);
  missing.forEach((target, a) => {
    const row = (count + a) * m;
    let value = effects[target]!;
    loadings.set(H.subarray(target * n, (target + 1) * n), target * n);
    for (let i = 0; i < count; i++) {
      const weight = lower[row + i]!;
      value += weight * whitened[i * (1 + n)]!;
      for (let j = 0; j < n; j++) loadings[target * n + j]! -= weight * whitened[i * (1 + n) + 1 + j]!;
    }
    constant[target] = value;
    residual.set(lower.subarray(row + count, row + m), target * missing.length);
  });
  return { constant, loadings, residual, missing: missing.length };
}
