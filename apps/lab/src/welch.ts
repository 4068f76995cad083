import { InvalidInputError } from '@maxent/core';
import { mean, sampleVariance } from './statistics.js';

/** Panels of Simpson's rule over the whole line. */
const PANELS = 4000;
const BISECTIONS = 60;

/**
 * The value below which Student's t with `degreesOfFreedom` nu lies with probability `probability`.
 *
 * With t = sqrt(nu) tan(angle), the density is proportional to cos(angle)^(nu - 1), so that both the distribution
 * function and its normalizer are integrals over a bounded interval; about ten digits are right. Throws
 * InvalidInputError for a probability outside (0, 1) and for fewer than 2 degrees of freedom, where the integrand
 * is not smooth at the ends.
 */
export function studentQuantile(probability: number, degreesOfFreedom: number): number {
  if (!(probability > 0 && probability < 1)) {
    throw new InvalidInputError('probability', `expected a number between 0 and 1, got ${probability}`);
  }
  if (!(degreesOfFreedom >= 2)) {
    throw new InvalidInputError('degreesOfFreedom', `expected at least 2, got ${degreesOfFreedom}`);
  }
  if (probability < 0.5) return -studentQuantile(1 - probability, degreesOfFreedom);
  const density = (angle: number): number => Math.cos(angle) ** (degreesOfFreedom - 1);
  const half = integrate(density, 0, Math.PI / 2);
  const wanted = (2 * probability - 1) * half;
  let low = 0;
  let high = Math.PI / 2;
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (integrate(density, 0, middle) < wanted) low = middle;
    else high = middle;
  }
  return Math.sqrt(degreesOfFreedom) * Math.tan(low);
}

/** Simpson's rule. */
function integrate(f: (x: number) => number, from: number, to: number): number {
  const width = (to - from) / PANELS;
  let sum = f(from) + f(to);
  for (let i = 1; i < PANELS; i++) sum += f(from + i * width) * (i % 2 === 1 ? 4 : 2);
  return (sum * width) / 3;
}

/** The square of the standard error of a mean, from the unbiased variance. */
export function squaredError(values: readonly number[]): number {
  return sampleVariance(values) / values.length;
}

export interface WelchInterval {
  /** mean(a) - mean(b) */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly degreesOfFreedom: number;
}

/**
 * Welch's two-sided confidence interval of mean(a) - mean(b), variances unknown and not assumed equal:
 * difference +- t * sqrt(va / na + vb / nb), with the Welch-Satterthwaite degrees of freedom
 * (va / na + vb / nb)^2 / ((va / na)^2 / (na - 1) + (vb / nb)^2 / (nb - 1)).
 *
 * `confidence` is 0.9 for a 90 % interval. Throws InvalidInputError for groups of fewer than 3, and when no value
 * differs from its group's mean.
 */
export function welchInterval(a: readonly number[], b: readonly number[], confidence: number): WelchInterval {
  for (const [name, group] of Object.entries({ a, b })) {
    if (group.length < 3)
      throw new InvalidInputError(name, `expected at least 3 values, got ${group.length}`);
  }
  const [errorA, errorB] = [squaredError(a), squaredError(b)];
  const error = errorA + errorB;
  if (!(error > 0)) throw new InvalidInputError('a', 'expected values that differ, within a or within b');
  const degreesOfFreedom = error ** 2 / (errorA ** 2 / (a.length - 1) + errorB ** 2 / (b.length - 1));
  const margin = studentQuantile((1 + confidence) / 2, degreesOfFreedom) * Math.sqrt(error);
  const difference = mean(a) - mean(b);
  return { difference, low: difference - margin, high: difference + margin, degreesOfFreedom };
}
