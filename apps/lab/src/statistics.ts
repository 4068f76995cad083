import { InvalidInputError } from '@maxent/core';
import { mean, median } from '@maxent/training/report';

export { mean, median };

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
