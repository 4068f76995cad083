import { InvalidStateError } from '@maxent/core';
import { requireVector } from '../linear-algebra/require-matrix.js';
import { writeCovariance } from './kalman-filter.js';
import { type LinearGaussianModel, requireLinearGaussian } from './model.js';
import { requireEmissions, requireObservation, requireTransitions } from './series.js';
import { SquareRootFilter } from './square-root-filter.js';

/**
 * The Kalman filter, one observation at a time, for use inside a control loop: `update(y_0)`, `predict(u_0)`,
 * `update(y_1)`, ... It starts with the prior on the state at the first observation.
 */
export class OnlineKalmanFilter {
  /** The time t of the state that `mean` and `covariance` describe. */
  get time(): number {
    return this.elapsed;
  }

  private elapsed = 0;
  private readonly filter: SquareRootFilter;
  private updated = false;

  constructor(readonly model: LinearGaussianModel) {
    requireLinearGaussian(model);
    this.filter = new SquareRootFilter(model);
  }

  /** E[z_t | observations so far], [n]; updated in place by every call. */
  get mean(): Float64Array {
    return this.filter.mean;
  }

  /** Cov[z_t | observations so far], [n, n]; a new array. */
  get covariance(): Float64Array {
    const n = this.model.stateSize;
    const covariance = new Float64Array(n * n);
    writeCovariance(covariance, 0, this.filter.factor, n);
    return covariance;
  }

  /**
   * Conditions on y_t, [m], with NaN for a missing component; `input` is u_t, [k], for a model with D. Returns log
   * p(y_t | y_0 .. y_{t-1}). Throws InvalidStateError when y_t has been given already.
   */
  update(observation: Float64Array, input?: Float64Array): number {
    if (this.updated) {
      throw new InvalidStateError(
        `the observation at time ${this.elapsed} was already given; call predict() before the next one`,
      );
    }
    requireObservation(this.model, observation);
    if (this.model.parameters.D !== undefined) this.requireInput(input);
    requireEmissions(this.model, this.elapsed + 1);
    this.updated = true;
    return this.filter.update(this.elapsed, observation, 0, input, 0);
  }

  /** Moves on to time t + 1 without an observation; `input` is u_t, [k], for a model with B. */
  predict(input?: Float64Array): void {
    if (this.model.parameters.B !== undefined) this.requireInput(input);
    requireTransitions(this.model, this.elapsed + 1);
    this.filter.predict(this.elapsed, input, 0);
    this.elapsed += 1;
    this.updated = false;
  }

  private requireInput(input: Float64Array | undefined): void {
    requireVector('input', input ?? new Float64Array(0), this.model.inputSize);
  }
}
