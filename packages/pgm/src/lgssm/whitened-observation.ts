import { absorbColumns } from '../linear-algebra/absorb-columns.js';
import { choleskyLogDeterminant } from '../linear-algebra/cholesky.js';
import { solveLower } from '../linear-algebra/triangular-solve.js';
import { addObservationEffects } from './effects.js';
import { atTime, type LinearGaussianModel } from './model.js';

/**
 * The observed components of y_t as independent scalar observations of unit variance: with R_o = L L' over the observed
 * components, values = L^-1 (y - D u - d)_o and rows = L^-1 H_o. The factor is reused from one time to the next as long
 * as H, R and the set of missing components stay the same.
 */
export class WhitenedObservation {
  /** L^-1 H_o; the first `count` rows of [m, n]. */
  readonly rows: Float64Array;
  /** L^-1 (y - D u - d)_o; the first `count` entries of [m]. */
  readonly values: Float64Array;
  /** log det R_o */
  logDeterminant = 0;
  /** Changes with `rows` and `logDeterminant`. */
  version = 0;

  private readonly n: number;
  private readonly m: number;
  private readonly lower: Float64Array;
  private readonly columns: Float64Array;
  /** D u + d, [m]. */
  private readonly effects: Float64Array;
  /** Indices of the observed components that `lower` and `rows` are for. */
  private readonly observed: Int32Array;
  private count = -1;
  private H: Float64Array | undefined;
  private noiseFactor: Float64Array | undefined;

  constructor(private readonly model: LinearGaussianModel) {
    this.n = model.stateSize;
    this.m = model.observationSize;
    this.rows = new Float64Array(this.m * this.n);
    this.values = new Float64Array(this.m);
    this.effects = new Float64Array(this.m);
    this.lower = new Float64Array(this.m * this.m);
    this.columns = new Float64Array(this.m * this.m);
    this.observed = new Int32Array(this.m);
  }

  /**
   * Reads the observation at `observations[offset]` (m entries, NaN where missing) at time t, whose inputs start at
   * `inputs[inputOffset]`. Returns the number of observed components.
   */
  read(
    t: number,
    observations: Float64Array,
    offset: number,
    inputs: Float64Array | undefined,
    inputOffset: number,
  ): number {
    const { m, model, values, effects, observed } = this;
    const H = atTime(model.parameters.H, t);
    const noiseFactor = atTime(model.factors.R, t);
    effects.fill(0);
    addObservationEffects(effects, model, t, inputs, inputOffset);
    let stale = H !== this.H || noiseFactor !== this.noiseFactor;
    let count = 0;
    for (let i = 0; i < m; i++) {
      const value = observations[offset + i]!;
      if (Number.isNaN(value)) continue;
      values[count] = value - effects[i]!;
      if (count >= this.count || observed[count] !== i) {
        stale = true;
        observed[count] = i;
      }
      count++;
    }
    if (count === 0) return 0;
    if (stale || count !== this.count) this.refactor(H, noiseFactor, count);
    solveLower(this.lower, count, values, 1);
    return count;
  }

  /**
   * Refactors R_o: the observed rows of a square root of R are a square root of R_o, which only has to be made
   * triangular.
   */
  private refactor(H: Float64Array, noiseFactor: Float64Array, count: number): void {
    const { n, m, rows, lower, columns, observed } = this;
    this.H = H;
    this.noiseFactor = noiseFactor;
    this.count = count;
    this.version++;
    for (let i = 0; i < count; i++) {
      const source = observed[i]!;
      for (let j = 0; j < m; j++) columns[i * m + j] = noiseFactor[source * m + j]!;
      for (let j = 0; j < n; j++) rows[i * n + j] = H[source * n + j]!;
    }
    lower.fill(0);
    absorbColumns(lower, count, columns, m);
    solveLower(lower, count, rows, n);
    this.logDeterminant = choleskyLogDeterminant(lower, count);
  }
}
