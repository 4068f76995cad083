import { loaded } from '../kernels/registry.js';
import type { LinearGaussianModel } from './model.js';
import { type LinearGaussianSeriesOptions, requireSeries } from './series.js';
import { SquareRootFilter } from './square-root-filter.js';

/** The result of `kalmanFilter` for T observations of a model with n states. */
export interface FilteredLinearGaussian {
  /** log p(y_0 .. y_{T-1}) of the components that are not missing. */
  readonly logLikelihood: number;
  /** E[z_t | y_0 .. y_{t-1}], [T, n]; row 0 is the prior. */
  readonly predictedMeans: Float64Array;
  /** Cov[z_t | y_0 .. y_{t-1}], [T, n, n]. */
  readonly predictedCovariances: Float64Array;
  /** E[z_t | y_0 .. y_t], [T, n]. */
  readonly filteredMeans: Float64Array;
  /** Cov[z_t | y_0 .. y_t], [T, n, n]. */
  readonly filteredCovariances: Float64Array;
  /** Lower-triangular square roots of the filtered covariances, [T, n, n]; what the backward passes start from. */
  readonly filteredFactors: Float64Array;
}

export type FilteredStates = Omit<FilteredLinearGaussian, 'logLikelihood'>;

/** Computes the log-likelihood of checked observations and inputs, and the states if there are arrays for them. */
export type LinearGaussianFilter = (
  observations: Float64Array,
  inputs: Float64Array | undefined,
  states: FilteredStates | null,
) => number;

/**
 * Runs the Kalman filter in square-root form. `observations` is [T, m], with NaN for a missing component; some or all
 * of a row may be missing. Takes O(T (n^3 + m n^2)). Throws InvalidInputError for observations, inputs or time-varying
 * parameters that do not fit, such as `observations[3][1]`.
 */
export function kalmanFilter(
  model: LinearGaussianModel,
  observations: Float64Array,
  options: LinearGaussianSeriesOptions = {},
): FilteredLinearGaussian {
  const count = requireSeries(model, observations, options);
  const n = model.stateSize;
  const states: FilteredStates = {
    predictedMeans: new Float64Array(count * n),
    predictedCovariances: new Float64Array(count * n * n),
    filteredMeans: new Float64Array(count * n),
    filteredCovariances: new Float64Array(count * n * n),
    filteredFactors: new Float64Array(count * n * n),
  };
  const logLikelihood = filterSeries(model, count, observations, options.inputs, states);
  return { logLikelihood, ...states };
}

/**
 * Returns only log p(y_0 .. y_{T-1}), in memory that does not grow with T. Arguments and errors are as for
 * `kalmanFilter`.
 */
export function linearGaussianLogLikelihood(
  model: LinearGaussianModel,
  observations: Float64Array,
  options: LinearGaussianSeriesOptions = {},
): number {
  const count = requireSeries(model, observations, options);
  return filterSeries(model, count, observations, options.inputs, null);
}

/** Computes the log-likelihood of checked observations, and the states if there are arrays for them. */
function filterSeries(
  model: LinearGaussianModel,
  count: number,
  observations: Float64Array,
  inputs: Float64Array | undefined,
  states: FilteredStates | null,
): number {
  const kernel = loaded.kernels?.kalmanFilter(model, count);
  if (kernel) return kernel(observations, inputs, states);
  const { stateSize: n, observationSize: m, inputSize: k } = model;
  const filter = new SquareRootFilter(model);
  let logLikelihood = 0;
  for (let t = 0; t < count; t++) {
    if (t > 0) filter.predict(t - 1, inputs, (t - 1) * k);
    if (states !== null) {
      states.predictedMeans.set(filter.mean, t * n);
      writeCovariance(states.predictedCovariances, t * n * n, filter.factor, n);
    }
    logLikelihood += filter.update(t, observations, t * m, inputs, t * k);
    if (states === null) continue;
    states.filteredMeans.set(filter.mean, t * n);
    writeCovariance(states.filteredCovariances, t * n * n, filter.factor, n);
    states.filteredFactors.set(filter.factor, t * n * n);
  }
  return logLikelihood;
}

/** Writes L L' for a lower-triangular L, [n, n], at `offset`; it is exactly symmetric. */
export function writeCovariance(out: Float64Array, offset: number, factor: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k <= j; k++) sum += factor[i * n + k]! * factor[j * n + k]!;
      out[offset + i * n + j] = sum;
      out[offset + j * n + i] = sum;
    }
  }
}
