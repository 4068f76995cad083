import type { TabularMdp } from '@maxent/core';

/**
 * V(s) of a process without cycles or discount under a uniform action prior and temperature 1; `hard` takes the
 * maximum. `optimistic` uses the exact posterior's backup, r + log E exp V, instead of r + E V.
 */
export function undiscountedValues(
  { stateCount, actionCount, transition, reward, terminal }: TabularMdp,
  backup: 'optimistic' | 'variational' | 'hard',
  sweeps = stateCount,
): { values: number[]; actionValues: number[][] } {
  let values = new Array<number>(stateCount).fill(0);
  let actionValues: number[][] = [];
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const before = values;
    actionValues = Array.from({ length: stateCount }, (_, state) =>
      Array.from({ length: actionCount }, (_, action) => {
        const pair = state * actionCount + action;
        let expectation = 0;
        for (let i = transition.rowOffsets[pair]!; i < transition.rowOffsets[pair + 1]!; i++) {
          const value = before[transition.columns[i]!]!;
          expectation += transition.values[i]! * (backup === 'optimistic' ? Math.exp(value) : value);
        }
        return reward[pair]! + (backup === 'optimistic' ? Math.log(expectation) : expectation);
      }),
    );
    values = actionValues.map((choices, state) => {
      if (terminal[state] === 1) return 0;
      if (backup === 'hard') return Math.max(...choices);
      return Math.log(choices.reduce((sum, value) => sum + Math.exp(value), 0) / actionCount);
    });
  }
  return { values, actionValues };
}
