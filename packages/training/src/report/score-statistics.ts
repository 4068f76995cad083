import { InvalidInputError } from '@maxent/core';

/** Throws InvalidInputError for no values, as all functions of this file do. */
export function mean(values: readonly number[]): number {
  const sum = nonEmpty(values).reduce((total, value) => total + value, 0);
  // Dividing before summing keeps the largest numbers from overflowing.
  return Number.isFinite(sum)
    ? sum / values.length
    : values.reduce((total, value) => total + value / values.length, 0);
}

/** The middle value, or the mean of the middle two. */
export function median(values: readonly number[]): number {
  const ordered = ascending(values);
  const middle = ordered.length >> 1;
  return ordered.length % 2 === 1 ? ordered[middle]! : mean([ordered[middle - 1]!, ordered[middle]!]);
}

/**
 * The value below which a share of the values lies, interpolated linearly between neighbors, as NumPy's `quantile` does.
 * Throws InvalidInputError for a share outside [0, 1].
 */
export function quantile(values: readonly number[], share: number): number {
  if (!(share >= 0 && share <= 1)) {
    throw new InvalidInputError('share', `expected a number from 0 to 1, got ${share}`);
  }
  const ordered = ascending(values);
  const place = share * (ordered.length - 1);
  const lower = Math.floor(place);
  const rest = place - lower;
  // Weights rather than a difference, which can overflow.
  return rest === 0 ? ordered[lower]! : ordered[lower]! * (1 - rest) + ordered[lower + 1]! * rest;
}

/**
 * The mean without the lowest and the highest floor(n / 4) of n values (Agarwal et al. 2021, "Deep Reinforcement Learning
 * at the Edge of the Statistical Precipice", section 4.3): less sensitive to outliers than the mean, and less variable
 * than the median. With fewer than 4 values it is the mean, with 4 the median.
 */
export function interquartileMean(values: readonly number[]): number {
  const cut = Math.floor(values.length / 4);
  return mean(ascending(values).slice(cut, values.length - cut));
}

function ascending(values: readonly number[]): number[] {
  return [...nonEmpty(values)].sort((a, b) => a - b);
}

function nonEmpty(values: readonly number[]): readonly number[] {
  if (values.length === 0) throw new InvalidInputError('values', 'expected at least one, got none');
  return values;
}
