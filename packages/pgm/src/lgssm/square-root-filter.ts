import { absorbColumns } from '../linear-algebra/absorb-columns.js';
import { addTransitionEffects } from './effects.js';
import { atTime, type LinearGaussianModel } from './model.js';
import { WhitenedObservation } from './whitened-observation.js';

export const LOG_TWO_PI = Math.log(2 * Math.PI);

/**
 * The recursion of the Kalman filter on the mean and a lower-triangular square root of the covariance. No covariance is
 * ever formed or subtracted; only orthogonal transformations are applied to square roots, so it stays symmetric and
 * positive semidefinite whatever the noise (Kaminski, Bryson and Schmidt, Discrete square root filtering, 1971).
 * Nothing is allocated after construction.
 */
export class SquareRootFilter {
  /** [n] */
  readonly mean: Float64Array;
  /** The lower-triangular L, [n, n]; L L' is the covariance. */
  readonly factor: Float64Array;

  private readonly n: number;
  private readonly observation: WhitenedObservation;
  private readonly nextMean: Float64Array;
  private readonly columns: Float64Array;
  private readonly cosines: Float64Array;
  private readonly sines: Float64Array;

  /** Starts with the prior on the state at the first observation. */
  constructor(private readonly model: LinearGaussianModel) {
    const n = model.stateSize;
    this.n = n;
    this.mean = model.parameters.initialMean.slice();
    this.factor = model.factors.initialCovariance.slice();
    this.observation = new WhitenedObservation(model);
    this.nextMean = new Float64Array(n);
    this.columns = new Float64Array(n * n);
    this.cosines = new Float64Array(n);
    this.sines = new Float64Array(n);
  }

  /**
   * Moves from time t to t + 1. The mean becomes F m + B u + b; [F L, L_Q] is a square root of the covariance F P F' +
   * Q.
   */
  predict(t: number, inputs: Float64Array | undefined, inputOffset: number): void {
    const { n, model, mean, factor, nextMean, columns } = this;
    const F = atTime(model.parameters.F, t);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += F[i * n + j]! * mean[j]!;
      nextMean[i] = sum;
      for (let j = 0; j < n; j++) {
        let product = 0;
        for (let l = j; l < n; l++) product += F[i * n + l]! * factor[l * n + j]!;
        columns[i * n + j] = product;
      }
    }
    addTransitionEffects(nextMean, model, t, inputs, inputOffset);
    mean.set(nextMean);
    factor.set(atTime(model.factors.Q, t));
    absorbColumns(factor, n, columns, n);
  }

  /**
   * Conditions on the observation at `observations[offset]` (m entries, NaN where missing) at time t. Returns its log
   * density given the earlier ones, 0 if all of it is missing.
   *
   * For one scalar observation h'z + N(0, 1), plane rotations turn [1, h'L; 0, L] into [s, 0; g, L*]: s is the
   * innovation's standard deviation, g / s the gain, and L* the updated factor, again lower triangular.
   */
  update(
    t: number,
    observations: Float64Array,
    offset: number,
    inputs: Float64Array | undefined,
    inputOffset: number,
  ): number {
    const { n, observation, mean, factor, cosines, sines } = this;
    const count = observation.read(t, observations, offset, inputs, inputOffset);
    if (count === 0) return 0;
    const { rows, values } = observation;
    let logDensity = -0.5 * (count * LOG_TWO_PI + observation.logDeterminant);
    for (let c = 0; c < count; c++) {
      const row = c * n;
      let innovation = values[c]!;
      for (let i = 0; i < n; i++) innovation -= rows[row + i]! * mean[i]!;
      let variance = 1;
      let deviation = 1;
      for (let i = n - 1; i >= 0; i--) {
        let projection = 0;
        for (let j = i; j < n; j++) projection += rows[row + j]! * factor[j * n + i]!;
        variance += projection * projection;
        const previous = deviation;
        deviation = Math.sqrt(variance);
        cosines[i] = previous / deviation;
        sines[i] = projection / deviation;
      }
      const standardized = innovation / deviation;
      for (let j = 0; j < n; j++) {
        let gain = 0;
        for (let i = j; i >= 0; i--) {
          const entry = factor[j * n + i]!;
          const cosine = cosines[i]!;
          const sine = sines[i]!;
          factor[j * n + i] = cosine * entry - sine * gain;
          gain = cosine * gain + sine * entry;
        }
        mean[j]! += gain * standardized;
      }
      logDensity -= Math.log(deviation) + 0.5 * standardized * standardized;
    }
    return logDensity;
  }
}
