import { multiplyTransposed } from '../linear-algebra/multiply.js';
import { type FilteredLinearGaussian, writeCovariance } from './kalman-filter.js';
import type { LinearGaussianModel } from './model.js';
import { requireFiltered } from './series.js';
import { SquareRootSmoother } from './square-root-smoother.js';

/** The states given all T observations, of a model with n states. */
export interface SmoothedLinearGaussian {
  /** E[z_t | y], [T, n]. */
  readonly smoothedMeans: Float64Array;
  /** Cov[z_t | y], [T, n, n]. */
  readonly smoothedCovariances: Float64Array;
  /** Cov[z_{t+1}, z_t | y], rows for z_{t+1}, [T - 1, n, n]: covariances, not second moments. */
  readonly smoothedCrossCovariances: Float64Array;
}

/**
 * Runs the Rauch-Tung-Striebel smoother in square-root form. `filtered` is the result of `kalmanFilter` for the same
 * model. Takes O(T n^3). A singular Q and deterministic transitions need no special treatment.
 */
export function rtsSmooth(
  model: LinearGaussianModel,
  filtered: FilteredLinearGaussian,
): SmoothedLinearGaussian {
  requireFiltered(model, filtered);
  const n = model.stateSize;
  const count = filtered.filteredMeans.length / n;
  const smoothedMeans = new Float64Array(count * n);
  const smoothedCovariances = new Float64Array(count * n * n);
  const smoothedCrossCovariances = new Float64Array((count - 1) * n * n);
  const cross = new Float64Array(n * n);
  const smoother = new SquareRootSmoother(model, filtered);
  for (let t = count - 1; t >= 0; t--) {
    if (t < count - 1) {
      smoother.step();
      multiplyTransposed(cross, smoother.nextFactor, smoother.carried, n, n, n);
      smoothedCrossCovariances.set(cross, t * n * n);
    }
    smoothedMeans.set(smoother.mean, t * n);
    writeCovariance(smoothedCovariances, t * n * n, smoother.factor, n);
  }
  return { smoothedMeans, smoothedCovariances, smoothedCrossCovariances };
}
