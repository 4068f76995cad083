import { logSumExp } from '../numerics/log-sum-exp.js';
import { forwardPass, logLikelihoodOf } from './filter.js';
import { FAINT } from './forward-messages.js';
import { type HiddenMarkovModel, readSeries, type Series } from './model.js';
import type { SmoothedHmm } from './smooth.js';
import type { TransitionMatrix } from './transition-matrix.js';

export interface TwoFilterSmoothedHmm extends SmoothedHmm {
  /**
   * log p(y_{t+1} .. y_{T-1} | z_t = k), the logarithm of the beta of Rabiner (1989), equation 23, without any
   * scaling; [T, K], the last row 0. null if the observations are impossible.
   */
  readonly backwardLogLikelihoods: Float64Array | null;
}

/**
 * Smooths with two independent filters: `hmmFilter` forward, and backward the likelihood of all later observations,
 * beta_t(i) = sum_j A[i, j] p(y_{t+1} | j) beta_{t+1}(j); then p(z_t | y_0 .. y_{T-1}) ∝ p(z_t | y_0 .. y_t)
 * beta_t(z_t) (Rabiner 1989, equations 24-27). `hmmSmooth` returns the same marginals at a lower cost; use this one if
 * you need the backward likelihoods. Throws InvalidInputError as `hmmFilter` does.
 */
export function hmmTwoFilterSmooth(
  model: HiddenMarkovModel,
  logLikelihoods: Float64Array,
): TwoFilterSmoothedHmm {
  const series = readSeries(model, logLikelihoods);
  const { chain, length } = series;
  const messages = forwardPass(series);
  if (messages === null) {
    return {
      logLikelihood: -Infinity,
      predicted: null,
      filtered: null,
      smoothed: null,
      backwardLogLikelihoods: null,
    };
  }
  const { stateCount, predicted, filtered } = messages;
  const smoothed = new Float64Array(length * stateCount);
  const backwardLogLikelihoods = new Float64Array(length * stateCount);
  const backward = new BackwardFilter(series);
  for (let t = length - 1; t >= 0; t--) {
    if (t < length - 1) backward.step(t, chain.transitionAt(t));
    const row = t * stateCount;
    let maximum = -Infinity;
    for (let k = 0; k < stateCount; k++) {
      backwardLogLikelihoods[row + k] = backward.logs[k]! + backward.offset;
      const logJoint = messages.logFiltered(t, k) + backward.logs[k]!;
      smoothed[row + k] = logJoint;
      if (logJoint > maximum) maximum = logJoint;
    }
    let sum = 0;
    for (let k = 0; k < stateCount; k++) {
      const weight = Math.exp(smoothed[row + k]! - maximum);
      smoothed[row + k] = weight;
      sum += weight;
    }
    for (let k = 0; k < stateCount; k++) smoothed[row + k]! /= sum;
  }
  return {
    logLikelihood: logLikelihoodOf(messages),
    predicted,
    filtered,
    smoothed,
    backwardLogLikelihoods,
  };
}

/** log beta_t = logs + offset. The large common part is kept separate so that differences keep their digits. */
class BackwardFilter {
  readonly logs: Float64Array;
  offset = 0;
  private readonly weights: Float64Array;

  constructor(private readonly series: Series) {
    this.logs = new Float64Array(series.chain.stateCount);
    this.weights = new Float64Array(series.chain.stateCount);
  }

  /** Moves from t + 1 to t. The series is possible, so some state has a finite value. */
  step(t: number, matrix: TransitionMatrix): void {
    const { logs, weights } = this;
    const { chain, logLikelihoods } = this.series;
    const { stateCount } = chain;
    const next = (t + 1) * stateCount;
    let maximum = -Infinity;
    for (let j = 0; j < stateCount; j++) {
      logs[j]! += logLikelihoods[next + j]!;
      if (logs[j]! > maximum) maximum = logs[j]!;
    }
    this.offset += maximum;
    const logWeights = logs.map((log) => log - maximum);
    let smallest = 1;
    for (let j = 0; j < stateCount; j++) {
      const weight = Math.exp(logWeights[j]!);
      weights[j] = weight;
      if (weight < smallest && logWeights[j]! > -Infinity) smallest = weight;
    }
    matrix.pullBack(weights, logs);
    const mayHaveLost = smallest * matrix.smallest < FAINT;
    for (let i = 0; i < stateCount; i++) {
      logs[i] = mayHaveLost && logs[i]! < FAINT ? logSumOfRow(matrix, i, logWeights) : Math.log(logs[i]!);
    }
  }
}

/** Returns log sum_j A[row, j] exp(logWeights[j]). */
function logSumOfRow(
  { rowOffsets, columns, values }: TransitionMatrix,
  row: number,
  logWeights: Float64Array,
) {
  const start = rowOffsets[row]!;
  const terms = values
    .subarray(start, rowOffsets[row + 1]!)
    .map((probability, i) => Math.log(probability) + logWeights[columns[start + i]!]!);
  return logSumExp(terms);
}
