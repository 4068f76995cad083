import { LEAST_EXPONENT, POWERS, tableExp } from '../numerics/table-exp.js';
import type { TransitionMatrix } from './transition-matrix.js';

/**
 * Probabilities below this are faint: they, or their product with a transition probability, may be smaller than the
 * smallest double, so they are computed from logarithms. Far enough above 1e-308 that what a sum at or over it can
 * have lost to underflow is below its rounding error.
 */
export const FAINT = 1e-250;

/** Least sum of weights, relative to the largest likelihood, that one step of the fast update may have. */
const LEAST_SUM = 1e-30;

/**
 * The normalized forward messages of a hidden Markov model: Rabiner (1989), section V.A, and Särkkä (2013),
 * algorithm 6.1, with the steps that a double cannot hold done in logarithms, so that no state of positive
 * probability is ever lost, however improbable: it may be the one that later observations ask for.
 *
 * Rows are slots. An offline pass has one for each time, an online filter goes round a few. The cost of a step is one
 * product of a vector and a matrix; logarithms are taken only of states whose probability is faint.
 */
export class ForwardMessages {
  /** p(z_t | y_0 .. y_{t-1}), [slots, K] */
  readonly predicted: Float64Array;
  /** p(z_t | y_0 .. y_t), [slots, K] */
  readonly filtered: Float64Array;
  /** log p(y_t | y_0 .. y_{t-1}), [slots] */
  readonly logNormalizers: Float64Array;
  /** log of a row of `predicted`, [K], where some state of it is faint but possible. */
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

  /** predicted[slot] = initial */
  begin(slot: number, initial: Float64Array): void {
    this.predicted.set(initial, slot * this.stateCount);
    this.logPredicted[slot] = initial.some((p) => p > 0 && p < FAINT) ? initial.map(Math.log) : undefined;
  }

  /** predicted[slot] from filtered[previous]: p(z_t = j) = sum_i p(z_{t-1} = i) A[i, j]. */
  predict(slot: number, previous: number, matrix: TransitionMatrix): void {
    const { stateCount, predicted } = this;
    const offset = slot * stateCount;
    matrix.pushForward(this.filtered, previous * stateCount, predicted, offset);
    this.logPredicted[slot] = undefined;
    // No product of a state's probability and a transition's can be faint: entries of 0 are truly 0.
    if (this.smallestFiltered[previous]! * matrix.smallest >= FAINT) return;
    for (let k = 0; k < stateCount; k++) {
      if (predicted[offset + k]! < FAINT) {
        this.predictFaint(slot, previous, matrix);
        return;
      }
    }
  }

  /**
   * filtered[slot] and its normalizer from predicted[slot] and the slot's log-likelihoods. False for an observation
   * that is impossible given the ones before.
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
      // An impossible state may be more likely than the maximum without bound, and 0 * Infinity is NaN.
      if (predicted[i]! > 0) {
        const x = logLikelihoods[i]! - maximum;
        weight = predicted[i]! * (x >= LEAST_EXPONENT ? tableExp(powers, x) : Math.exp(x));
      }
      filtered[i] = weight;
      sum += weight;
    }
    // The likeliest state is so improbable that underflow of the others would show: take the maximum of the sum of
    // log-prior and log-likelihood instead.
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

  /** log p(z_t = state | y_0 .. y_t), exact where `filtered` has underflowed. */
  logFiltered(slot: number, state: number): number {
    const i = slot * this.stateCount + state;
    const probability = this.filtered[i]!;
    if (probability >= FAINT) return Math.log(probability);
    return this.logPredictedOf(slot, state) + this.logLikelihoods[i]! - this.logNormalizers[slot]!;
  }

  /** log p(z_t = state | y_0 .. y_{t-1}), exact where `predicted` has underflowed. */
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
