import {
  InvalidInputError,
  requireDistribution,
  requireLength,
  requireObject,
  requireTypedNumbers,
  type SparseRows,
} from '@maxent/core';
import { requireInRange } from '../numerics/require-in-range.js';
import { DensePattern, readTransition, type TransitionMatrix } from './transition-matrix.js';

/**
 * p(z_{t+1} = j | z_t = i): row i is the state that is left, column j the state that is entered. Either one matrix for
 * all times, dense [K, K] row-major or as sparse rows, or an array of one matrix for each step, entry t from time t to
 * t + 1.
 */
export type HmmTransition = Float64Array | SparseRows | readonly (Float64Array | SparseRows)[];

/**
 * The hidden half of a hidden Markov model with K states, as in Rabiner (1989), section II: z_0 ~ initial and z_{t+1} |
 * z_t ~ row z_t of the transition matrix. Every row sums to 1 within 1e-9. Observations enter inference as
 * log-likelihoods log p(y_t | z_t = k), [T, K] row-major, so any emission works (`emissionLogLikelihoods` computes them
 * for the common ones); a missing observation is a row of zeros.
 */
export interface HiddenMarkovModel {
  /** p(z_0), [K]. */
  readonly initial: Float64Array;
  readonly transition: HmmTransition;
}

/** A checked model. */
export interface MarkovChain {
  readonly stateCount: number;
  readonly initial: Float64Array;
  /** Returns the matrix of the step from time t to t + 1. */
  transitionAt(t: number): TransitionMatrix;
  /** The matrix of every step, if there is only one. */
  readonly always?: TransitionMatrix;
}

/**
 * Checks a model. Throws InvalidInputError that names the entry at fault, and for a time-varying model with fewer than
 * `steps` steps.
 */
export function readModel(model: HiddenMarkovModel, steps: number): MarkovChain {
  const stateCount = requireStates(model);
  const { initial, transition } = model;
  requireDistribution('initial', initial);
  const pattern = new DensePattern(stateCount);
  if (!isTimeVarying(transition)) {
    const matrix = readTransition('transition', transition, pattern, true);
    return { stateCount, initial, transitionAt: () => matrix, always: matrix };
  }
  if (transition.length < steps) {
    throw new InvalidInputError(
      'transition',
      `expected a matrix for each of ${steps} steps, got ${transition.length}`,
    );
  }
  // The same matrix often serves many steps; it is checked once.
  const known = new Map<Float64Array | SparseRows, TransitionMatrix>();
  const matrices = transition.slice(0, steps).map((matrix, t) => {
    const read = known.get(matrix) ?? readTransition(`transition[${t}]`, matrix, pattern, false);
    known.set(matrix, read);
    return read;
  });
  return { stateCount, initial, transitionAt: (t) => matrices[t]! };
}

/** Returns the number of states. Throws InvalidInputError for a model without states. */
export function requireStates(model: HiddenMarkovModel): number {
  requireObject('model', model, '{ initial, transition }');
  const { initial } = model;
  requireTypedNumbers('initial', initial);
  if (initial.length === 0) throw new InvalidInputError('initial', 'expected at least one state, got none');
  return initial.length;
}

export function isTimeVarying(
  transition: HmmTransition,
): transition is readonly (Float64Array | SparseRows)[] {
  return Array.isArray(transition);
}

/** A checked model with its checked log-likelihoods and the number of times that they cover. */
export interface Series {
  readonly chain: MarkovChain;
  /** T */
  readonly length: number;
  /** [T, K] */
  readonly logLikelihoods: Float64Array;
}

/**
 * Checks a model and its log-likelihoods. Throws InvalidInputError unless the model is valid and `logLikelihoods` is
 * [T, K] with T > 0 and entries below Infinity.
 */
export function readSeries(model: HiddenMarkovModel, logLikelihoods: Float64Array): Series {
  const stateCount = requireStates(model);
  requireTypedNumbers('logLikelihoods', logLikelihoods);
  if (logLikelihoods.length === 0) {
    throw new InvalidInputError(
      'logLikelihoods',
      `expected at least one row of ${stateCount} entries, got none`,
    );
  }
  const length = Math.ceil(logLikelihoods.length / stateCount);
  requireLength('logLikelihoods', logLikelihoods, length * stateCount);
  requireBelowInfinity(
    logLikelihoods,
    (i) => `logLikelihoods[${Math.floor(i / stateCount)}][${i % stateCount}]`,
  );
  return { chain: readModel(model, length - 1), length, logLikelihoods };
}

/** Throws InvalidInputError for NaN and Infinity, which no log-likelihood of a discrete state can be. */
export function requireBelowInfinity(logLikelihoods: Float64Array, nameOf: (i: number) => string): void {
  for (let i = 0; i < logLikelihoods.length; i++) {
    if (!(logLikelihoods[i]! < Infinity)) {
      throw new InvalidInputError(nameOf(i), `expected a number below Infinity, got ${logLikelihoods[i]}`);
    }
    requireInRange(() => nameOf(i), logLikelihoods[i]!);
  }
}
