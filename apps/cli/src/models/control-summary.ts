import type { NestedArray } from '../output/nested-array.js';
import { type Summary, shownNumber, summaryCells, summaryRows } from '../output/summary.js';

/** How the fixed point of an infinite horizon was reached. */
export function fixedPointFacts({ iterations, residual }: { iterations: number; residual: number }) {
  return [
    ['sweeps', String(iterations)],
    ['residual', shownNumber(residual)],
  ] as const;
}

/** Value and policy of each state; `names` are those of the actions. */
export function policyRows(
  name: string,
  V: Float64Array,
  policy: NestedArray,
  names: readonly string[],
): Pick<Summary, 'table' | 'more'> {
  const [states, actions] = policy.shape as [number, number];
  return summaryRows(
    ['state', name, ...summaryCells(actions, (action) => `p(${names[action]})`)],
    states,
    (state) => [
      String(state),
      shownNumber(V[state]!),
      ...summaryCells(actions, (action) => shownNumber(policy.at(state, action))),
    ],
  );
}
