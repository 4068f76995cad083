import { normalizeByLargest } from '../numerics/normalize-by-largest.js';
import { type HiddenMarkovModel, readSeries } from './model.js';
import type { TransitionMatrix } from './transition-matrix.js';

/** The most probable path through the hidden states. */
export interface ViterbiPath {
  /** argmax over z of p(z, y), [T]; null if the observations are impossible. */
  readonly path: Int32Array | null;
  /** log max over z of p(z, y); -Infinity if the observations are impossible. */
  readonly logProb: number;
}

/**
 * Runs Viterbi's algorithm in logarithms (Rabiner 1989, section III.B): best[t, j] = max_i best[t-1, i] + log A[i, j] +
 * log p(y_t | z_t = j). Of several paths with the same probability it returns the one with the lowest last state, among
 * those the one with the lowest state before it, and so on backward; probabilities are compared as computed, in
 * doubles. Takes O(T K^2), or O(T) times the stored entries of a sparse transition. Throws InvalidInputError as
 * `hmmFilter` does.
 */
export function hmmViterbi(model: HiddenMarkovModel, logLikelihoods: Float64Array): ViterbiPath {
  const { chain, length } = readSeries(model, logLikelihoods);
  const { stateCount } = chain;
  const previousStates = new Int32Array(length * stateCount);
  let best = new Float64Array(stateCount);
  let before = new Float64Array(stateCount);
  for (let k = 0; k < stateCount; k++) best[k] = Math.log(chain.initial[k]!) + logLikelihoods[k]!;
  // Subtract the maximum at every step, so that comparisons keep their digits over a long series.
  let logProb = 0;
  const logs: LogEntries = { matrix: null, values: new Float64Array(0) };
  for (let t = 1; t < length; t++) {
    const maximum = normalizeByLargest(best);
    if (maximum === -Infinity) return { path: null, logProb: -Infinity };
    logProb += maximum;
    [best, before] = [before, best];
    const matrix = chain.transitionAt(t - 1);
    takeLogs(logs, matrix);
    maximize(matrix, logs.values, before, best, previousStates, t * stateCount);
    for (let k = 0; k < stateCount; k++) best[k]! += logLikelihoods[t * stateCount + k]!;
  }
  const maximum = normalizeByLargest(best);
  if (maximum === -Infinity) return { path: null, logProb: -Infinity };
  const path = new Int32Array(length);
  path[length - 1] = best.indexOf(0);
  for (let t = length - 1; t > 0; t--) path[t - 1] = previousStates[t * stateCount + path[t]!]!;
  return { path, logProb: logProb + maximum };
}

/** The logarithms of a matrix's entries, kept while the matrix stays the same. */
interface LogEntries {
  matrix: TransitionMatrix | null;
  values: Float64Array;
}

function takeLogs(logs: LogEntries, matrix: TransitionMatrix): void {
  if (logs.matrix === matrix) return;
  const { values } = matrix;
  if (logs.values.length !== values.length) logs.values = new Float64Array(values.length);
  for (let e = 0; e < values.length; e++) logs.values[e] = Math.log(values[e]!);
  logs.matrix = matrix;
}

/** Sets best[j] to max_i before[i] + logs[i, j], and previousStates[offset + j] to the lowest i that attains it. */
function maximize(
  matrix: TransitionMatrix,
  logs: Float64Array,
  before: Float64Array,
  best: Float64Array,
  previousStates: Int32Array,
  offset: number,
): void {
  const { rowOffsets, columns } = matrix;
  best.fill(-Infinity);
  for (let i = 0; i < before.length; i++) {
    const start = before[i]!;
    if (start === -Infinity) continue;
    const end = rowOffsets[i + 1]!;
    for (let e = rowOffsets[i]!; e < end; e++) {
      const j = columns[e]!;
      const candidate = start + logs[e]!;
      if (candidate > best[j]!) {
        best[j] = candidate;
        previousStates[offset + j] = i;
      }
    }
  }
}
