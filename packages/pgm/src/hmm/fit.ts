import { InvalidInputError, isFloat64Array, type SparseRows } from '@maxent/core';
import {
  type Expectation,
  type Fit,
  type FitOptions,
  maximiseExpectations,
} from '../numerics/expectation-maximisation.js';
import { requireAtLeastZero } from '../numerics/require-at-least-zero.js';
import {
  type EmittingHiddenMarkovModel,
  type HmmObservations,
  requireEmission,
  requireObservations,
  writeLogLikelihoods,
} from './emission.js';
import { emissionStatistics, normaliseCounts } from './emission-statistics.js';
import { forwardPass, logLikelihoodOf } from './filter.js';
import { type HmmTransition, isTimeVarying, readModel } from './model.js';
import { backwardPass } from './smooth.js';

export interface FitHmmOptions extends FitOptions {
  /** What to estimate; by default all, but for a transition that varies over time. */
  readonly parameters?: readonly (keyof EmittingHiddenMarkovModel)[];
  /**
   * Least variance of a Gaussian emission, 1e-6 unless given: without one, a state that explains a single observation
   * has a likelihood without bound.
   */
  readonly varianceFloor?: number;
}

export type HmmFit = Fit<EmittingHiddenMarkovModel>;

/**
 * Fits a model by expectation-maximisation (Baum and Welch; Rabiner 1989, section III.C), starting from `model`, to
 * sequences that may differ in length, null marking a missing observation. Probabilities that start at 0 stay 0, so a
 * sparse transition keeps its entries. What the data say nothing about keeps its value: the row of a state that is
 * never left, the emission of one that is never visited. Throws InvalidInputError for a model or sequences that do not
 * fit, such as `sequences[1][3]`, for a sequence that is impossible under `model`, for standard deviations under the
 * variance floor, and for a parameter that cannot be estimated.
 */
export function fitHmm(
  model: EmittingHiddenMarkovModel,
  sequences: readonly HmmObservations[],
  options: FitHmmOptions = {},
): HmmFit {
  const { varianceFloor = 1e-6 } = options;
  requireAtLeastZero('varianceFloor', varianceFloor);
  const estimated = requireEstimable(model, options.parameters);
  if (estimated.has('emission')) requireFloor(model, varianceFloor);
  const times = requireSequences(model, sequences);
  const expect = (current: EmittingHiddenMarkovModel): Expectation<EmittingHiddenMarkovModel> => {
    const counts = new ExpectedCounts(current, varianceFloor);
    let logLikelihood = 0;
    sequences.forEach((observations, i) => {
      logLikelihood += counts.add(observations, `sequences[${i}]`);
    });
    return { logLikelihood, maximise: () => counts.maximise(estimated) };
  };
  return maximiseExpectations(model, expect, times, options);
}

/** Expected counts under one model, and the model that maximises the likelihood under them. */
class ExpectedCounts {
  private readonly initial: Float64Array;
  /** Laid out as the transition's entries; a time-varying one is not estimated. */
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

  /** Adds a sequence's expected counts. Returns its log-likelihood. */
  add(observations: HmmObservations, name: string): number {
    const { transitions } = this;
    const { length } = observations;
    const chain = readModel(this.model, length - 1);
    const { stateCount } = chain;
    const logLikelihoods = new Float64Array(length * stateCount);
    writeLogLikelihoods(this.model.emission, stateCount, observations, logLikelihoods);
    const messages = forwardPass({ chain, length, logLikelihoods });
    if (messages === null) {
      throw new InvalidInputError(
        name,
        'has probability 0 under the model; start from one that gives every sequence a positive probability',
      );
    }
    const pairsOf = transitions === null ? undefined : () => transitions;
    const smoothed = backwardPass(chain, messages, 0, pairsOf);
    for (let k = 0; k < stateCount; k++) this.initial[k]! += smoothed[k]!;
    this.emission.add(observations, smoothed);
    return logLikelihoodOf(messages);
  }

  maximise(estimated: ReadonlySet<string>): EmittingHiddenMarkovModel {
    const { initial, transition, emission } = this.model;
    return {
      initial: estimated.has('initial') ? this.maximiseInitial() : initial,
      transition: estimated.has('transition') ? this.maximiseTransition() : transition,
      emission: estimated.has('emission') ? this.emission.maximise() : emission,
    };
  }

  private maximiseInitial(): Float64Array {
    const initial = Float64Array.from(this.model.initial);
    normaliseCounts(this.initial, initial, 0, initial.length);
    return initial;
  }

  private maximiseTransition(): HmmTransition {
    const { initial, transition } = this.model;
    if (this.transitions === null || isTimeVarying(transition)) return transition;
    const values = Float64Array.from(entriesOf(transition));
    for (let row = 0; row < initial.length; row++) {
      const dense = isFloat64Array(transition);
      const start = dense ? row * initial.length : transition.rowOffsets[row]!;
      const end = dense ? start + initial.length : transition.rowOffsets[row + 1]!;
      normaliseCounts(this.transitions, values, start, end);
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

/** Starting below the floor, the first iteration could lower the likelihood. */
function requireFloor({ emission }: EmittingHiddenMarkovModel, varianceFloor: number): void {
  if (emission.kind !== 'gaussian') return;
  const least = Math.sqrt(varianceFloor);
  emission.stds.forEach((std, k) => {
    if (std < least) {
      throw new InvalidInputError(
        `emission.stds[${k}]`,
        `expected at least ${least}, the square root of varianceFloor, got ${std}; lower varianceFloor for data of a small scale`,
      );
    }
  });
}
