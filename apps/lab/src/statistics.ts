import { InvalidInputError } from '@maxent/core';

export function median(values: readonly number[]): number {
  const sorted = [...nonEmpty(values)].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function mean(values: readonly number[]): number {
  return nonEmpty(values).reduce((sum, value) => sum + value, 0) / values.length;
}

/** The unbiased estimate, with n - 1 in the denominator. Throws InvalidInputError for fewer than two values. */
export function sampleVariance(values: readonly number[]): number {
  if (values.length < 2) throw new InvalidInputError('values', `expected at least 2, got ${values.length}`);
  const center = mean(values);
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
}

/** ||a - b|| / ||b|| in the Euclidean norm: `a` against the reference `b`. 0 when both are zero everywhere. */
export function relativeDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) {
    throw new InvalidInputError('a', `expected ${b.length} values like the reference, got ${a.length}`);
  }
  let difference = 0;
  let reference = 0;
  for (let i = 0; i < a.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    reference += b[i]! ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / reference);
}

/** Largest |a - b| over the entries, as a share of |b| where that is above 1; Infinity for NaN on one side alone. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) {
    throw new InvalidInputError('a', `expected ${b.length} values like the reference, got ${a.length}`);
  }
  let largest = 0;
  for (let i = 0; i < b.length; i++) {
    if (a[i] === b[i]) continue;
    const difference = Math.abs(a[i]! - b[i]!) / Math.max(1, Math.abs(b[i]!));
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
  }
  return largest;
}

function nonEmpty(values: readonly number[]): readonly number[] {
  if (values.length === 0) throw new InvalidInputError('values', 'expected at least one, got none');
  return values;
}
