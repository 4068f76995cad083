import { InvalidInputError } from '@maxent/core';

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
