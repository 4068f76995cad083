import type { Grid, TabularMdp } from '@maxent/core';

/** One thing that may happen after an action. */
export interface TabularOutcome {
  readonly probability: number;
  readonly next: number;
  readonly reward: number;
}

export interface OutcomeTable {
  readonly stateCount: number;
  readonly actionCount: number;
  /** What may follow an action; outcomes with the same next state are merged, so they must pay the same reward. */
  readonly outcomes: (state: number, action: number) => readonly TabularOutcome[];
  readonly initial: Float64Array;
  readonly terminal: Uint8Array;
  readonly grid?: Grid;
}

/** The process whose transitions are listed outcome by outcome, as Gymnasium's toy-text worlds do in `P`. */
export function mdpFromOutcomes(table: OutcomeTable): TabularMdp {
  const { stateCount, actionCount, outcomes, initial, terminal, grid } = table;
  const rowOffsets = new Uint32Array(stateCount * actionCount + 1);
  const reward = new Float64Array(stateCount * actionCount);
  const columns: number[] = [];
  const values: number[] = [];
  const transitionReward: number[] = [];
  for (let state = 0; state < stateCount; state++) {
    for (let action = 0; action < actionCount; action++) {
      const pair = state * actionCount + action;
      const merged = new Map<number, TabularOutcome>();
      for (const outcome of outcomes(state, action)) {
        const probability = outcome.probability + (merged.get(outcome.next)?.probability ?? 0);
        merged.set(outcome.next, { ...outcome, probability });
        reward[pair]! += outcome.probability * outcome.reward;
      }
      for (const outcome of [...merged.values()].sort((a, b) => a.next - b.next)) {
        columns.push(outcome.next);
        values.push(outcome.probability);
        transitionReward.push(outcome.reward);
      }
      rowOffsets[pair + 1] = columns.length;
    }
  }
  return {
    stateCount,
    actionCount,
    transition: {
      rowCount: stateCount * actionCount,
      columnCount: stateCount,
      rowOffsets,
      columns: Uint32Array.from(columns),
      values: Float64Array.from(values),
    },
    reward,
    transitionReward: Float64Array.from(transitionReward),
    initial,
    terminal,
    ...(grid && { grid }),
  };
}
