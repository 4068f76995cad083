import {
  InvalidInputError,
  requireCount,
  requireDistribution,
  requireLength,
  requireList,
  requireObject,
  requireTypedNumbers,
  showValue,
} from '@maxent/core';
import { requireDivisor, requireEntryInRange } from '../numerics/require-in-range.js';
import type { HiddenMarkovModel } from './model.js';

/** p(y = m | z = k) for symbols m = 0 .. M - 1. */
export interface CategoricalEmission {
  readonly kind: 'categorical';
  /** M */
  readonly symbolCount: number;
  /** [K, M] row-major; each row sums to 1 within 1e-9. */
  readonly probs: Float64Array;
}

/** p(y | z = k) = Normal(means[k], stds[k]^2). */
export interface GaussianEmission {
  readonly kind: 'gaussian';
  /** [K] */
  readonly means: Float64Array;
  /** Standard deviations, above 0, [K]. */
  readonly stds: Float64Array;
}

/** p(y_t | z_t = k) for K states. */
export type HmmEmission = CategoricalEmission | GaussianEmission;

/** A hidden Markov model with its emission, which can be sampled from and fitted. */
export interface EmittingHiddenMarkovModel extends HiddenMarkovModel {
  readonly emission: HmmEmission;
}

/**
 * One number for each time, or null where nothing was observed; integers from 0 to M - 1 for a categorical emission.
 */
export type HmmObservations = ArrayLike<number | null>;

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/**
 * Returns log p(y_t | z_t = k), [T, K]: -Infinity where that is impossible, a row of zeros where y_t is missing. Throws
 * InvalidInputError that names the entry at fault, such as `emission.probs[1]`, `emission.stds[0]` or
 * `observations[3]`.
 */
export function emissionLogLikelihoods(emission: HmmEmission, observations: HmmObservations): Float64Array {
  const stateCount = requireEmission(emission);
  requireObservations('observations', emission, observations);
  const out = new Float64Array(observations.length * stateCount);
  writeLogLikelihoods(emission, stateCount, observations, out);
  return out;
}

/** Writes log p(y_t | z_t = k), [T, K], to `out`. The emission and the observations must have been checked. */
export function writeLogLikelihoods(
  emission: HmmEmission,
  stateCount: number,
  observations: HmmObservations,
  out: Float64Array,
): void {
  if (emission.kind === 'categorical') {
    const { symbolCount, probs } = emission;
    const logs = probs.map(Math.log);
    for (let t = 0; t < observations.length; t++) {
      const symbol = observations[t]!;
      for (let k = 0; k < stateCount; k++) {
        out[t * stateCount + k] = symbol === null ? 0 : logs[k * symbolCount + symbol]!;
      }
    }
    return;
  }
  const { means, stds } = emission;
  const constants = stds.map((std) => -Math.log(std) - HALF_LOG_TWO_PI);
  for (let t = 0; t < observations.length; t++) {
    const value = observations[t]!;
    const row = t * stateCount;
    if (value === null) {
      out.fill(0, row, row + stateCount);
      continue;
    }
    for (let k = 0; k < stateCount; k++) {
      const deviation = (value - means[k]!) / stds[k]!;
      out[row + k] = constants[k]! - 0.5 * deviation * deviation;
    }
  }
}

/**
 * Returns the number of states, K. Throws InvalidInputError unless the emission is valid and has `stateCount` states,
 * if given.
 */
export function requireEmission(emission: HmmEmission, stateCount?: number): number {
  requireObject('emission', emission, "{ kind: 'gaussian', means, stds }");
  if (emission.kind === 'categorical') {
    const { symbolCount, probs } = emission;
    requireCount('emission.symbolCount', symbolCount);
    requireTypedNumbers('emission.probs', probs);
    const count = stateCount ?? Math.ceil(probs.length / symbolCount);
    requireSome('emission.probs', probs);
    requireLength('emission.probs', probs, count * symbolCount);
    for (let k = 0; k < count; k++) {
      requireDistribution(`emission.probs[${k}]`, probs.subarray(k * symbolCount, (k + 1) * symbolCount));
    }
    return count;
  }
  if (emission.kind !== 'gaussian') {
    throw new InvalidInputError(
      'emission.kind',
      `expected "categorical" or "gaussian", got ${showValue((emission as HmmEmission).kind)}`,
    );
  }
  const { means, stds } = emission;
  requireTypedNumbers('emission.means', means);
  requireTypedNumbers('emission.stds', stds);
  const count = stateCount ?? means.length;
  requireSome('emission.means', means);
  requireLength('emission.means', means, count);
  requireLength('emission.stds', stds, count);
  means.forEach((mean, k) => {
    if (!Number.isFinite(mean)) {
      throw new InvalidInputError(`emission.means[${k}]`, `expected a finite number, got ${mean}`);
    }
    requireEntryInRange(() => `emission.means[${k}]`, mean);
  });
  stds.forEach((std, k) => {
    if (!(std > 0 && std < Infinity)) {
      throw new InvalidInputError(`emission.stds[${k}]`, `expected a finite number above 0, got ${std}`);
    }
    requireDivisor(() => `emission.stds[${k}]`, std);
  });
  return count;
}

/** Throws InvalidInputError, naming `field[t]`, unless every observation is null or one that the emission can score. */
export function requireObservations(
  field: string,
  emission: HmmEmission,
  observations: HmmObservations,
): void {
  requireSome(field, observations);
  for (let t = 0; t < observations.length; t++) {
    const value = observations[t];
    if (value === null) continue;
    if (emission.kind === 'gaussian') {
      if (typeof value !== 'number' || !Number.isFinite(value)) {
        throw new InvalidInputError(
          `${field}[${t}]`,
          `expected a finite number, or null for a missing observation, got ${value}`,
        );
      }
      requireEntryInRange(() => `${field}[${t}]`, value);
    } else if (!Number.isInteger(value) || value! < 0 || value! >= emission.symbolCount) {
      throw new InvalidInputError(
        `${field}[${t}]`,
        `expected an integer from 0 to ${emission.symbolCount - 1}, or null for a missing observation, got ${value}`,
      );
    }
  }
}

function requireSome(field: string, entries: ArrayLike<unknown>): void {
  if (!ArrayBuffer.isView(entries)) requireList(field, entries);
  if (entries.length === 0) throw new InvalidInputError(field, 'expected at least one entry, got none');
}
