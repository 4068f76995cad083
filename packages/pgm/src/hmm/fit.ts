import { InvalidInputError, isFloat64Array, requireList, requireObject, type SparseRows } from '@maxent/core';
import {
  type Expectation,
  type Fit,
  type FitOptions,
  maximizeExpectations,
} from '../numerics/expectation-maximization.js';
import { requireAtLeastZero } from '../numerics/require-at-least-zero.js';
import {
  type EmittingHiddenMarkovModel,
  type HmmObservations,
  requireEmission,
  requireObservations,
  writeLogLikelihoods,
} from './emission.js';
import { emissionStatistics, normalizeCounts } from './emission-statistics.js';
import { forwardPass, logLikelihoodOf } from './filter.js';
import { type HmmTransition, isTimeVarying, readModel, requireStates } from './model.js';
import { backwardPass } from './smooth.js';

export interface FitHmmOptions extends FitOptions {
  /** What to estimate; by default everything except a transition that varies over time. */
  readonly parameters?: readonly (keyof EmittingHiddenMarkovModel)[];
  /**
   * The smallest variance that a Gaussian emission may have, as a fraction of the variance of all observations; default
   * 1e-6. Without a floor, the likelihood of a state that explains a single observation is unbounded. The floor is
   * lowered to the smallest variance of the starting model.
   */
  readonly relativeVarianceFloor?: number;
  /** The same floor in squared units of the observations; replaces `relativeVarianceFloor`. */
  readonly varianceFloor?: number;
}

export interface HmmFit extends Fit<EmittingHiddenMarkovModel> {
  /**
   * The smallest variance that was allowed for Gaussian emissions, in squared units of the observations; null for
   * others.
   */
  readonly varianceFloor: number | null;
  /** The states whose variance ended at that floor: without it, their variances would keep falling. */
  readonly statesAtVarianceFloor: readonly number[];
}

/**
 * Fits a model to sequences by expectation-maximization (Baum and Welch; Rabiner 1989, section III.C), starting from
 * `model`. Sequences may differ in length; null marks a missing observation. Probabilities that start at 0 stay 0, so a
 * sparse transition keeps its entries. Parameters that the data say nothing about keep their values: the row of a state
 * that is never left, and the emission of one that is never visited. The likelihood never falls: an iteration that
 * would lower it is rejected, and `stopped` says so. The fit does not depend on the units of Gaussian observations.
 * Throws InvalidInputError that names the entry at fault, such as `sequences[1][3]`, for a sequence that is impossible
 * under `model`, for a variance below a given `varianceFloor`, and for a parameter that cannot be estimated.
 */
export function fitHmm(
  model: EmittingHiddenMarkovModel,
  sequences: readonly HmmObservations[],
  options: FitHmmOptions = {},
): HmmFit {
  requireStates(model);
  requireObject('options', options, '{ maxIterations: 100 }');
  requireList('sequences', sequences);
  const estimated = requireEstimable(model, options.parameters);
  const times = requireSequences(model, sequences);
  const varianceFloor = estimated.has('emission') ? floorOf(model, sequences, options) : null;
  let first = true;
  const expect = (current: EmittingHiddenMarkovModel): Expectation<EmittingHiddenMarkovModel> => {
    const counts = new ExpectedCounts(current, varianceFloor ?? 0);
    let logLikelihood = 0;
    sequences.forEach((observations, i) => {
      const added = counts.add(observations);
      if (first && added === -Infinity) throw impossible(`sequences[${i}]`);
      logLikelihood += added;
    });
    first = false;
    return { logLikelihood, maximize: () => counts.maximize(estimated) };
  };
  const fit = maximizeExpectations(model, expect, times, options);
  return { ...fit, varianceFloor, statesAtVarianceFloor: statesAt(varianceFloor, fit.model) };
}

function impossible(name: string): InvalidInputError {
  return new InvalidInputError(
    name,
    'has probability 0 under the model; start from one that gives every sequence a positive probability',
  );
}

function statesAt(varianceFloor: number | null, { emission }: EmittingHiddenMarkovModel): number[] {
  if (varianceFloor === null || emission.kind !== 'gaussian') return [];
  const least = Math.sqrt(varianceFloor);
  return Array.from(emission.stds.keys()).filter((k) => emission.stds[k]! <= least);
}

/** Expected counts under one model, and the model that maximizes the likelihood under them. */
class ExpectedCounts {
  private readonly initial: Float64Array;
  /** Laid out like the transition's entries; null for a time-varying transition, which is not estimated. */
  private readonly transitions: Float64Array | null;
  private readonly emission: ReturnType<typeof emissionStatistics>;

  constructor(
    private readonly model: EmittingHiddenMarkovModel,
    varianceFloor: number,
  ) {
    const { initial, transition, emission } = model;
    this.initial = new Float64Array(initial.length);
    this.transitions = isTimeVarying(transition) ? null : new Float64Array(entriesOf(transition).length);
    this.emission = emissionStatistics(emission, varianceFloor);
  }

  /** Adds a sequence's expected counts. Returns its log-likelihood, -Infinity if it is impossible. */
  add(observations: HmmObservations): number {
    const { transitions } = this;
    const { length } = observations;
    const chain = readModel(this.model, length - 1);
    const { stateCount } = chain;
    const logLikelihoods = new Float64Array(length * stateCount);
    writeLogLikelihoods(this.model.emission, stateCount, observations, logLikelihoods);
    const messages = forwardPass({ chain, length, logLikelihoods });
    if (messages === null) return -Infinity;
    const smoothed = backwardPass(chain, messages, 0, transitions ?? undefined);
    for (let k = 0; k < stateCount; k++) this.initial[k]! += smoothed[k]!;
    this.emission.add(observations, smoothed);
    return logLikelihoodOf(messages);
  }

  maximize(estimated: ReadonlySet<string>): EmittingHiddenMarkovModel {
    const { initial, transition, emission } = this.model;
    return {
      initial: estimated.has('initial') ? this.maximizeInitial() : initial,
      transition: estimated.has('transition') ? this.maximizeTransition() : transition,
      emission: estimated.has('emission') ? this.emission.maximize() : emission,
    };
  }

  private maximizeInitial(): Float64Array {
    const initial = Float64Array.from(this.model.initial);
    normalizeCounts(this.initial, initial, 0, initial.length);
    return initial;
  }

  private maximizeTransition(): HmmTransition {
    const { initial, transition } = this.model;
    if (this.transitions === null || isTimeVarying(transition)) return transition;
    const values = Float64Array.from(entriesOf(transition));
    for (let row = 0; row < initial.length; row++) {
      const dense = isFloat64Array(transition);
      const start = dense ? row * initial.length : transition.rowOffsets[row]!;
      const end = dense ? start + initial.length : transition.rowOffsets[row + 1]!;
      normalizeCounts(this.transitions, values, start, end);
    }
    return isFloat64Array(transition) ? values : { ...transition, values };
  }
}

function entriesOf(transition: Float64Array | SparseRows): Float64Array {
  return isFloat64Array(transition) ? transition : transition.values;
}

const PARAMETERS = ['initial', 'transition', 'emission'] as const;

function requireEstimable(
  { transition }: EmittingHiddenMarkovModel,
  requested: FitHmmOptions['parameters'],
): ReadonlySet<string> {
  const varies = isTimeVarying(transition);
  if (requested === undefined) {
    return new Set(PARAMETERS.filter((name) => !(varies && name === 'transition')));
  }
  requested.forEach((name, i) => {
    if (!PARAMETERS.includes(name)) {
      throw new InvalidInputError(
        `parameters[${i}]`,
        `expected one of ${PARAMETERS.join(', ')}, got ${name}`,
      );
    }
    if (varies && name === 'transition') {
      throw new InvalidInputError(
        `parameters[${i}]`,
        'a transition that varies over time cannot be estimated',
      );
    }
  });
  return new Set(requested);
}

/** Throws unless model and sequences are valid; returns the number of observation times. */
function requireSequences(model: EmittingHiddenMarkovModel, sequences: readonly HmmObservations[]): number {
  if (sequences.length === 0) throw new InvalidInputError('sequences', 'expected at least one, got none');
  let times = 0;
  let longest = 1;
  requireEmission(model.emission, model.initial.length);
  sequences.forEach((observations, i) => {
    requireObservations(`sequences[${i}]`, model.emission, observations);
    times += observations.length;
    longest = Math.max(longest, observations.length);
  });
  readModel(model, longest - 1);
  return times;
}

/** Returns the smallest variance allowed for a Gaussian emission; null for others. */
function floorOf(
  { emission }: EmittingHiddenMarkovModel,
  sequences: readonly HmmObservations[],
  { varianceFloor, relativeVarianceFloor = 1e-6 }: FitHmmOptions,
): number | null {
  requireAtLeastZero('relativeVarianceFloor', relativeVarianceFloor);
  if (varianceFloor !== undefined) requireAtLeastZero('varianceFloor', varianceFloor);
  if (emission.kind !== 'gaussian') return null;
  const leastAtStart = Math.min(...emission.stds) ** 2;
  if (varianceFloor === undefined) {
    // Observations that are all equal have no scale; the starting model has one.
    const scale = varianceOf(sequences) || leastAtStart;
    return Math.min(relativeVarianceFloor * scale, leastAtStart);
  }
  const least = Math.sqrt(varianceFloor);
  // From a start below the floor, the first iteration could lower the likelihood.
  emission.stds.forEach((std, k) => {
    if (std < least) {
      throw new InvalidInputError(
        `emission.stds[${k}]`,
        `expected at least ${least}, the square root of varianceFloor, got ${std}; leave varianceFloor out to use one that ` +
          'fits the scale of the data',
      );
    }
  });
  return varianceFloor;
}

/** Returns the variance of all observations about their common mean (West 1979); 0 if it is only rounding. */
function varianceOf(sequences: readonly HmmObservations[]): number {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const observations of sequences) {
    for (let t = 0; t < observations.length; t++) {
      const value = observations[t]!;
      if (value === null) continue;
      const deviation = value - mean;
      mean += deviation / ++count;
      squares += deviation * (value - mean);
    }
  }
  const variance = count === 0 ? 0 : squares / count;
  return variance > (8 * Number.EPSILON * mean) ** 2 ? variance : 0;
}
