import type { TabularMdp } from '@maxent/core';
import { type ControlOptions, prepareControl } from './control-options.js';
import { type FixedPoint, type FixedPointOptions, solveFixedPoint } from './fixed-point.js';
import { startMean } from './infer-control.js';

export interface TabularSolution extends FixedPoint {
  /** sum_s initial(s) V(s). */
  readonly startValue: number;
}

/**
 * Computes the infinite-horizon values and policy of a tabular world, such as one from @maxent/envs. Time limits are
 * ignored. Throws InvalidInputError as `inferControl` does.
 */
export function solveTabular(mdp: TabularMdp, options: ControlOptions & FixedPointOptions): TabularSolution {
  const problem = prepareControl(mdp, options);
  const solution = solveFixedPoint(problem, options);
  return { ...solution, startValue: startMean(mdp, solution.V) };
}
