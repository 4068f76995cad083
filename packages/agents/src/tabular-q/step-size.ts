import type { QLearningConfig } from './config.js';

/**
 * The step size as a function of the number of visits n of the pair (s, a), this one included:
 *
 * - `rescaled-linear`, 1 / (1 + (1 - discount) n), whose rate does not blow up with the horizon 1 / (1 - discount) as 1
 *   / n does (Wainwright 2019, arXiv 1905.06265, corollary 3);
 * - `polynomial`, n^-omega (Even-Dar and Mansour 2003, "Learning Rates for Q-learning");
 * - a number, the same at every visit, which follows changes but never settles if rewards or successors are random.
 *
 * The first two sum to infinity while their squares do not (Robbins and Monro 1951).
 */
export function stepSizeOf({
  stepSize,
  stepSizeExponent,
  discount,
}: Pick<QLearningConfig, 'stepSize' | 'stepSizeExponent' | 'discount'>): (visits: number) => number {
  if (stepSize === 'rescaled-linear') return (visits) => 1 / (1 + (1 - discount) * visits);
  if (stepSize === 'polynomial') return (visits) => visits ** -stepSizeExponent;
  return () => stepSize;
}
