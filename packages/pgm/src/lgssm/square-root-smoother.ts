import { absorbColumns } from '../linear-algebra/absorb-columns.js';
import { BackwardStep } from './backward-step.js';
import type { FilteredLinearGaussian } from './kalman-filter.js';
import type { LinearGaussianModel } from './model.js';

/**
 * The backward recursion of Rauch, Tung and Striebel on means and square roots: given all observations,
 * z_t = m_t + X P^-1 (z_{t+1} - predicted mean) + Y e, so that [X P^-1 L_{t+1}, Y] is a square root of its covariance.
 * It starts at the last time; nothing is allocated after construction.
 */
export class SquareRootSmoother {
  /** The time t that the fields describe. */
  time: number;
  /** E[z_t | all observations], [n]. */
  readonly mean: Float64Array;
  /** Lower-triangular L, L L' = Cov[z_t | all observations], [n, n]. */
  readonly factor: Float64Array;
  /** The mean and the factor at time t + 1. */
  readonly nextMean: Float64Array;
  readonly nextFactor: Float64Array;
  /** X P^-1 L_{t+1}, [n, n]: Cov[z_{t+1}, z_t | all observations] is L_{t+1} times its transpose. */
  readonly carried: Float64Array;

  private readonly backward: BackwardStep;
  private readonly n: number;
  private readonly displacement: Float64Array;
  private readonly scratch: Float64Array;
  private readonly columns: Float64Array;

  constructor(
    model: LinearGaussianModel,
    private readonly filtered: FilteredLinearGaussian,
  ) {
    const n = model.stateSize;
    this.n = n;
    this.backward = new BackwardStep(model);
    this.time = filtered.filteredMeans.length / n - 1;
    this.mean = filtered.filteredMeans.slice(this.time * n);
    this.factor = filtered.filteredFactors.slice(this.time * n * n);
    this.nextMean = new Float64Array(n);
    this.nextFactor = new Float64Array(n * n);
    this.carried = new Float64Array(n * n);
    this.displacement = new Float64Array(n);
    this.scratch = new Float64Array(n * n);
    this.columns = new Float64Array(3 * n * n);
  }

  /** Moves from time t + 1 to t. */
  step(): void {
    const { n, filtered, backward, mean, factor, nextMean, nextFactor, carried, displacement } = this;
    const t = --this.time;
    nextMean.set(mean);
    nextFactor.set(factor);
    backward.prepare(t, filtered.filteredFactors);
    for (let i = 0; i < n; i++) displacement[i] = nextMean[i]! - filtered.predictedMeans[(t + 1) * n + i]!;
    backward.regress(mean, displacement, 1, this.scratch);
    for (let i = 0; i < n; i++) mean[i]! += filtered.filteredMeans[t * n + i]!;
    backward.regress(carried, nextFactor, n, this.scratch);
    this.writeColumns(this.columns);
    factor.fill(0);
    absorbColumns(factor, n, this.columns, this.columnCount);
  }

  /** Number of columns of [X P^-1 L_{t+1}, Y], at most 3n. */
  get columnCount(): number {
    return 3 * this.n - this.backward.rank;
  }

  /**
   * Writes [X P^-1 L_{t+1}, Y], [n, columnCount], a square root of the covariance of z_t. Stacked on [L_{t+1}, 0], it
   * is a square root of the covariance of (z_t, z_{t+1}).
   */
  writeColumns(columns: Float64Array): void {
    const { n, backward, carried, columnCount } = this;
    const { joint, rank } = backward;
    for (let i = 0; i < n; i++) {
      const row = i * columnCount;
      for (let j = 0; j < n; j++) columns[row + j] = carried[i * n + j]!;
      for (let j = n; j < columnCount; j++) columns[row + j] = joint[(n + i) * 2 * n + rank + j - n]!;
    }
  }
}
