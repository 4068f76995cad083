import type { ControlProblem } from './control-options.js';

/**
 * Why sweeps converge: the discount shrinks every distance, every episode ends, or neither, when only the sweeps from
 * V = 0 tell the limit of longer and longer horizons from other fixed points.
 */
export type FixedPointKind = 'contraction' | 'ending' | 'sweeps only';

export function requireFixedPoint({ inference, discount }: ControlProblem): FixedPointKind {
  if (discount < 1 && inference !== 'exact') return 'contraction';
  return 'sweeps only';
}
