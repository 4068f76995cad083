import { InvalidInputError } from '@maxent/core';

/** A number with the limit that it must keep. */
export interface Check {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  readonly must: 'be at least' | 'be at most';
}

export function holds({ value, limit, must }: Check): boolean {
  return must === 'be at least' ? value >= limit : value <= limit;
}

/** One line for each check that does not hold. */
export function broken(checks: readonly Check[]): string[] {
  return checks
    .filter((check) => !holds(check))
    .map(
      ({ name, value, limit, must }) =>
        `${name} must ${must} ${limit.toPrecision(3)}, and is ${value.toPrecision(3)}`,
    );
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

/** The k of cost ~ size^k that fits best, in the least squares of logarithms. */
export function costExponent(sizes: readonly number[], costs: readonly number[]): number {
  if (sizes.length !== costs.length || sizes.length < 2) {
    throw new InvalidInputError('costs', `expected one for each of at least 2 sizes, got ${costs.length}`);
  }
  const x = sizes.map(Math.log);
  const y = costs.map(Math.log);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  let covariance = 0;
  let variance = 0;
  x.forEach((value, i) => {
    covariance += (value - meanX) * (y[i]! - meanY);
    variance += (value - meanX) ** 2;
  });
  return covariance / variance;
}
