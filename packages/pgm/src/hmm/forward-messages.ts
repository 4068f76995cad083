import { LEAST_EXPONENT, POWERS, tableExp } from '../numerics/table-exp.js';
import type { TransitionMatrix } from './transition-matrix.js';

/**
 * Probabilities below this are faint: they, or their product with a transition probability, may be smaller than the
 * smallest double, so they are computed from logarithms. It is so far above 1e-308 that a sum of at least this size
 * loses less to underflow than to rounding.
 */
export const FAINT = 1e-250;

/** The smallest sum of weights, relative to the largest likelihood, for which the fast update is used. */
const LEAST_SUM = 1e-30;

/**
 * The normalized forward messages of a hidden Markov model: Rabiner (1989), section V.A, and Särkkä (2013), algorithm
 * 6.1. Steps whose numbers a double cannot hold are done in logarithms, so no state of positive probability is ever
 * lost, however improbable: later observations may call for it.
 *
 * Each row is a slot. An offline pass has one slot for each time; an online filter cycles through a few. A step costs
 * one product of a vector and a matrix; logarithms are taken only for states whose probability is faint.
 */
export class ForwardMessages {
  /** p(z_t | y_0 .. y_{t-1}), [slots, K] */
  readonly predicted: Float64Array;
  /** p(z_t | y_0 .. y_t), [slots, K] */
  readonly filtered: Float64Array;
  /** log p(y_t | y_0 .. y_{t-1}), [slots] */
  readonly logNormalizers: Float64Array;
  /** The logarithms of a row of `predicted`, [K], if some state in it is faint but possible. */
  readonly logPredicted: (Float64Array | undefined)[];
  /** The smallest entry of each row of `filtered` over the states that are possible, [slots]. */
  readonly smallestFiltered: Float64Array;
  private readonly maxima: Float64Array;
  private readonly sums: Float64Array;

  constructor(
    readonly stateCount: number,
    readonly slots: number,
    /** log p(y_t | z_t = k), [slots, K] */
    readonly logLikelihoods: Float64Array,
  ) {
    this.predicted = new Float64Array(slots * stateCount);
    this.filtered = new Float64Array(slots * stateCount);
    this.logNormalizers = new Float64Array(slots);
    this.logPredicted = new Array<Float64Array | undefined>(slots).fill(undefined);
    this.smallestFiltered = new Float64Array(slots);
    this.maxima = new Float64Array(stateCount);
    this.sums = new Float64Array(stateCount);
  }

  /** Sets predicted[slot] to the initial distribution. */
  begin(slot: number, initial: Float64Array): void {
    this.predicted.set(initial, slot * this.stateCount);
    this.logPredicted[slot] = initial.some((p) => p > 0 && p < FAINT) ? initial.map(Math.log) : undefined;
  }

  /** Computes predicted[slot] from filtered[previous]: p(z_t = j) = sum_i p(z_{t-1} = i) A[i, j]. */
  predict(slot: number, previous: number, matrix: TransitionMatrix): void {
    const { stateCount, predicted } = this;
    const offset = slot * stateCount;
    matrix.pushForward(this.filtered, previous * stateCount, predicted, offset);
    this.logPredicted[slot] = undefined;
    // No product of a state's probability and a transition probability can be faint, so entries of 0 are exact.
    if (this.smallestFiltered[previous]! * matrix.smallest >= FAINT) return;
    for (let k = 0; k < stateCount; k++) {
      if (predicted[offset + k]! < FAINT) {
        this.predictFaint(slot, previous, matrix);
        return;
      }
    }
  }

  /**
   * Computes filtered[slot] and its normalizer from predicted[slot] and the slot's log-likelihoods. Returns false for
   * an observation that is impossible given the ones before.
   */
  update(slot: number): boolean {
    const { stateCount, predicted, filtered, logLikelihoods } = this;
    const start = slot * stateCount;
    const end = start + stateCount;
    if (this.logPredicted[slot] !== undefined) return this.updateInLogs(slot);
    let maximum = -Infinity;
    for (let i = start; i < end; i++) {
      if (predicted[i]! > 0 && logLikelihoods[i]! > maximum) maximum = logLikelihoods[i]!;
    }
    if (maximum === -Infinity) return false;
    let sum = 0;
    const powers = POWERS;
    for (let i = start; i < end; i++) {
      let weight = 0;
      // The likelihood of an impossible state may exceed the maximum without bound, and 0 * Infinity is NaN.
      if (predicted[i]! > 0) {
        const x = logLikelihoods[i]! - maximum;
        weight = predicted[i]! * (x >= LEAST_EXPONENT ? tableExp(powers, x) : Math.exp(x));
      }
      filtered[i] = weight;
      sum += weight;
    }
    // The state of the largest likelihood is so improbable that underflow of the others would show: use the maximum of
    // log-prior plus log-likelihood instead.
    if (sum < LEAST_SUM) return this.updateInLogs(slot);
    const scale = 1 / sum;
    let smallest = Infinity;
    for (let i = start; i < end; i++) {
      const probability = filtered[i]! * scale;
      filtered[i] = probability;
      if (probability < smallest && predicted[i]! > 0 && logLikelihoods[i]! > -Infinity)
        smallest = probability;
    }
    this.smallestFiltered[slot] = smallest;
    this.logNormalizers[slot] = maximum + Math.log(sum);
    return true;
  }

  /** Returns log p(z_t = state | y_0 .. y_t), exact even where `filtered` has underflowed. */
  logFiltered(slot: number, state: number): number {
    const i = slot * this.stateCount + state;
    const probability = this.filtered[i]!;
    if (probability >= FAINT) return Math.log(probability);
    return this.logPredictedOf(slot, state) + this.logLikelihoods[i]! - this.logNormalizers[slot]!;
  }

  /** Returns log p(z_t = state | y_0 .. y_{t-1}), exact even where `predicted` has underflowed. */
  logPredictedOf(slot: number, state: number): number {
    const row = this.logPredicted[slot];
    return row === undefined ? Math.log(this.predicted[slot * this.stateCount + state]!) : row[state]!;
  }

  private updateInLogs(slot: number): boolean {
    const { stateCount, filtered, logLikelihoods } = this;
    const start = slot * stateCount;
    let maximum = -Infinity;
    for (let k = 0; k < stateCount; k++) {
      const logJoint = this.logPredictedOf(slot, k) + logLikelihoods[start + k]!;
      if (logJoint > maximum) maximum = logJoint;
      this.sums[k] = logJoint;
    }
    if (maximum === -Infinity) return false;
    let sum = 0;
    for (let k = 0; k < stateCount; k++) {
      const weight = Math.exp(this.sums[k]! - maximum);
      filtered[start + k] = weight;
      sum += weight;
    }
    let smallest = Infinity;
    for (let k = 0; k < stateCount; k++) {
      const probability = filtered[start + k]! / sum;
      filtered[start + k] = probability;
      if (probability < smallest && this.sums[k]! > -Infinity) smallest = probability;
    }
    this.smallestFiltered[slot] = smallest;
    this.logNormalizers[slot] = maximum + Math.log(sum);
    return true;
  }

  /** Recomputes the faint entries of predicted[slot] by log-sum-exp, each relative to its own maximum. */
  private predictFaint(slot: number, previous: number, matrix: TransitionMatrix): void {
    const { stateCount, predicted, maxima, sums } = this;
    const { rowOffsets, columns, values } = matrix;
    const offset = slot * stateCount;
    maxima.fill(-Infinity);
    sums.fill(0);
    for (let from = 0; from < stateCount; from++) {
      const logFrom = this.logFiltered(previous, from);
      if (logFrom === -Infinity) continue;
      const end = rowOffsets[from + 1]!;
      for (let entry = rowOffsets[from]!; entry < end; entry++) {
        const to = columns[entry]!;
        const probability = values[entry]!;
        if (probability === 0 || predicted[offset + to]! >= FAINT) continue;
        const term = logFrom + Math.log(probability);
        const maximum = maxima[to]!;
        if (term <= maximum) {
          sums[to]! += Math.exp(term - maximum);
        } else {
          sums[to] = sums[to]! * Math.exp(maximum - term) + 1;
          maxima[to] = term;
        }
      }
    }
    const row = new Float64Array(stateCount);
    let anyFaint = false;
    for (let k = 0; k < stateCount; k++) {
      if (predicted[offset + k]! >= FAINT) {
        row[k] = Math.log(predicted[offset + k]!);
        continue;
      }
      row[k] = maxima[k]! + Math.log(sums[k]!);
      predicted[offset + k] = Math.exp(row[k]!);
      if (row[k]! > -Infinity) anyFaint = true;
    }
    if (anyFaint) this.logPredicted[slot] = row;
  }
}
