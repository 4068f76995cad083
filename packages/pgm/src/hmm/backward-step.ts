import { FAINT, type ForwardMessages } from './forward-messages.js';
import type { TransitionMatrix } from './transition-matrix.js';

/**
 * Steps back in time from p(z_{t+1} | Y) to p(z_t | Y), where Y is y_0 .. y_t and any later observations:
 *
 * p(z_t = i | Y) = p(z_t = i | y_0 .. y_t) sum_j A[i, j] p(z_{t+1} = j | Y) / p(z_{t+1} = j | y_0 .. y_t)
 *
 * (Särkkä 2013, equation 8.3, for finitely many states). The coefficients are a stochastic matrix, so rounding errors
 * do not grow, and every ratio is at most 1 / p(z_{t+1} | y_0 .. y_t): no likelihood is exponentiated here and nothing
 * overflows. Pairs of states that are too faint for doubles are handled in logarithms.
 */
export class BackwardStep {
  private readonly ratios: Float64Array;
  private readonly pulledBack: Float64Array;

  constructor(private readonly messages: ForwardMessages) {
    this.ratios = new Float64Array(messages.stateCount);
    this.pulledBack = new Float64Array(messages.stateCount);
  }

  /** Writes p(z_t | Y) to `out` at its offset, given p(z_{t+1} | Y) in `next` at its offset. They may not overlap. */
  smooth(
    slot: number,
    nextSlot: number,
    matrix: TransitionMatrix,
    next: Float64Array,
    nextOffset: number,
    out: Float64Array,
    outOffset: number,
  ): void {
    const { messages, pulledBack } = this;
    const { stateCount, filtered } = messages;
    const start = slot * stateCount;
    // Rounding leaves each sum a few ulps from 1; without the scale, sums would drift over many steps.
    const scale = 1 / this.setRatios(nextSlot, next, nextOffset);
    matrix.pullBack(this.ratios, pulledBack);
    for (let i = 0; i < stateCount; i++) out[outOffset + i] = filtered[start + i]! * pulledBack[i]! * scale;
    if (messages.smallestFiltered[slot]! < FAINT) {
      for (let i = 0; i < stateCount; i++) {
        if (filtered[start + i]! >= FAINT || pulledBack[i] === 0) continue;
        out[outOffset + i] = Math.exp(messages.logFiltered(slot, i) + Math.log(pulledBack[i]!));
      }
    }
    this.eachFaintPair(slot, nextSlot, matrix, next, nextOffset, (i, _entry, probability) => {
      out[outOffset + i]! += probability;
    });
  }

  /**
   * Adds p(z_t = i, z_{t+1} = j | Y) to out[entry] for each entry (i, j) of the matrix, in the matrix's own layout.
   * `next` is as in `smooth`.
   */
  addPairs(
    slot: number,
    nextSlot: number,
    matrix: TransitionMatrix,
    next: Float64Array,
    nextOffset: number,
    out: Float64Array,
  ): void {
    const { messages, ratios } = this;
    const { stateCount, filtered } = messages;
    const { rowOffsets, columns, values } = matrix;
    this.setRatios(nextSlot, next, nextOffset);
    for (let i = 0; i < stateCount; i++) {
      const probability = filtered[slot * stateCount + i]!;
      const start = rowOffsets[i]!;
      const end = rowOffsets[i + 1]!;
      if (probability >= FAINT) {
        for (let e = start; e < end; e++) out[e]! += probability * (values[e]! * ratios[columns[e]!]!);
        continue;
      }
      const logProb = messages.logFiltered(slot, i);
      if (logProb === -Infinity) continue;
      for (let e = start; e < end; e++) {
        out[e]! += Math.exp(logProb + Math.log(values[e]! * ratios[columns[e]!]!));
      }
    }
    this.eachFaintPair(slot, nextSlot, matrix, next, nextOffset, (_i, entry, probability) => {
      out[entry]! += probability;
    });
  }

  /**
   * Sets ratios[j] to p(z_{t+1} = j | Y) / p(z_{t+1} = j | y_0 .. y_t), or to 0 for states that are impossible or
   * faint. Returns the sum of `next`.
   */
  private setRatios(nextSlot: number, next: Float64Array, nextOffset: number): number {
    const { ratios } = this;
    const { stateCount, predicted } = this.messages;
    const start = nextSlot * stateCount;
    let sum = 0;
    for (let j = 0; j < stateCount; j++) {
      const denominator = predicted[start + j]!;
      const numerator = next[nextOffset + j]!;
      ratios[j] = denominator >= FAINT ? numerator / denominator : 0;
      sum += numerator;
    }
    return sum;
  }

  /** Calls `act` for each pair (i, j) whose j `setRatios` left out, with p(z_t = i, z_{t+1} = j | Y) <= 1. */
  private eachFaintPair(
    slot: number,
    nextSlot: number,
    matrix: TransitionMatrix,
    next: Float64Array,
    nextOffset: number,
    act: (i: number, entry: number, probability: number) => void,
  ): void {
    const { messages } = this;
    const { stateCount, predicted } = messages;
    const logPredicted = messages.logPredicted[nextSlot];
    if (logPredicted === undefined) return;
    const { rowOffsets, columns, values } = matrix;
    for (let i = 0; i < stateCount; i++) {
      const logProb = messages.logFiltered(slot, i);
      if (logProb === -Infinity) continue;
      const end = rowOffsets[i + 1]!;
      for (let entry = rowOffsets[i]!; entry < end; entry++) {
        const j = columns[entry]!;
        if (values[entry] === 0 || predicted[nextSlot * stateCount + j]! >= FAINT) continue;
        if (next[nextOffset + j] === 0) continue;
        const logRatio = Math.log(next[nextOffset + j]!) - logPredicted[j]!;
        act(i, entry, Math.exp(logProb + Math.log(values[entry]!) + logRatio));
      }
    }
  }
}
