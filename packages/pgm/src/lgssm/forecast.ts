import { absorbColumns } from '../linear-algebra/absorb-columns.js';
import { multiply } from '../linear-algebra/multiply.js';
import { addObservationEffects } from './effects.js';
import { type FilteredLinearGaussian, writeCovariance } from './kalman-filter.js';
import { atTime, type LinearGaussianModel } from './model.js';
import { type LinearGaussianSeriesOptions, requireFiltered, requireSteps } from './series.js';
import { SquareRootFilter } from './square-root-filter.js';

/** States and observations at the times T .. T + steps - 1 after T observations. */
export interface LinearGaussianForecast {
  /** [steps, n] */
  readonly stateMeans: Float64Array;
  /** [steps, n, n] */
  readonly stateCovariances: Float64Array;
  /** [steps, m] */
  readonly observationMeans: Float64Array;
  /** Includes the observation noise, [steps, m, m]. */
  readonly observationCovariances: Float64Array;
}

/**
 * Returns the distribution of the next `steps` states and observations. `filtered` is the result of `kalmanFilter` for
 * the same model and T observations. `inputs`, [T + steps, k], start at the first observation, and so do parameters
 * that vary over time. Throws InvalidInputError if either ends too early.
 */
export function forecastLinearGaussian(
  model: LinearGaussianModel,
  filtered: FilteredLinearGaussian,
  steps: number,
  options: LinearGaussianSeriesOptions = {},
): LinearGaussianForecast {
  requireFiltered(model, filtered);
  const n = model.stateSize;
  const m = model.observationSize;
  const k = model.inputSize;
  const elapsed = filtered.filteredMeans.length / n;
  requireSteps(model, steps, elapsed, options);
  const stateMeans = new Float64Array(steps * n);
  const stateCovariances = new Float64Array(steps * n * n);
  const observationMeans = new Float64Array(steps * m);
  const observationCovariances = new Float64Array(steps * m * m);
  const filter = new SquareRootFilter(model);
  filter.mean.set(filtered.filteredMeans.subarray((elapsed - 1) * n));
  filter.factor.set(filtered.filteredFactors.subarray((elapsed - 1) * n * n));
  const columns = new Float64Array(m * n);
  const observationFactor = new Float64Array(m * m);
  for (let step = 0; step < steps; step++) {
    const t = elapsed + step;
    filter.predict(t - 1, options.inputs, (t - 1) * k);
    stateMeans.set(filter.mean, step * n);
    writeCovariance(stateCovariances, step * n * n, filter.factor, n);
    const H = atTime(model.parameters.H, t);
    const observationMean = observationMeans.subarray(step * m, (step + 1) * m);
    multiply(observationMean, H, filter.mean, m, n, 1);
    addObservationEffects(observationMean, model, t, options.inputs, t * k);
    multiply(columns, H, filter.factor, m, n, n);
    observationFactor.set(atTime(model.factors.R, t));
    absorbColumns(observationFactor, m, columns, n);
    writeCovariance(observationCovariances, step * m * m, observationFactor, m);
  }
  return { stateMeans, stateCovariances, observationMeans, observationCovariances };
}
