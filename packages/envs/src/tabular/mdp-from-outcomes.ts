import { type Grid, OutcomeRow, type TabularMdp } from '@maxent/core';

/** Reports one possible outcome of an action. */
export type EmitOutcome = (probability: number, next: number, reward: number) => void;

export interface OutcomeTable {
  readonly stateCount: number;
  readonly actionCount: number;
  /**
   * Emits every possible outcome of an action. It is called twice for every state and action, and must emit the same
   * both times. Outcomes with probability 0 are dropped. Outcomes that lead to the same state are merged into one,
   * which pays their mean reward, weighted by probability.
   */
  readonly outcomes: (state: number, action: number, emit: EmitOutcome) => void;
  readonly initial: Float64Array;
  readonly terminal: Uint8Array;
  readonly grid?: Grid;
  readonly actionNames?: readonly string[];
}

/**
 * Makes a process from transitions that are listed outcome by outcome, as in the `P` of Gymnasium's toy-text worlds. An
 * outcome takes no memory apart from its place in the arrays, so that a million states take only seconds.
 */
export function mdpFromOutcomes(table: OutcomeTable): TabularMdp {
  const { stateCount, actionCount, outcomes, initial, terminal, grid, actionNames } = table;
  const rowCount = stateCount * actionCount;
  const row = new OutcomeRow();
  let mean = 0;
  const emit: EmitOutcome = (probability, next, reward) => {
    if (probability === 0) return;
    mean += probability * reward;
    row.add(next, probability, reward);
  };
  const collect = (pair: number): void => {
    row.clear();
    mean = 0;
    outcomes(Math.floor(pair / actionCount), pair % actionCount, emit);
  };

  const rowOffsets = new Uint32Array(rowCount + 1);
  for (let pair = 0; pair < rowCount; pair++) {
    collect(pair);
    rowOffsets[pair + 1] = rowOffsets[pair]! + row.count;
  }

  const entryCount = rowOffsets[rowCount]!;
  const columns = new Uint32Array(entryCount);
  const values = new Float64Array(entryCount);
  const transitionReward = new Float64Array(entryCount);
  const reward = new Float64Array(rowCount);
  for (let pair = 0; pair < rowCount; pair++) {
    collect(pair);
    const start = rowOffsets[pair]!;
    for (let i = 0; i < row.count; i++) {
      columns[start + i] = row.next[i]!;
      values[start + i] = row.probs[i]!;
      transitionReward[start + i] = row.rewards[i]!;
    }
    reward[pair] = mean;
  }
  return {
    stateCount,
    actionCount,
    transition: { rowCount, columnCount: stateCount, rowOffsets, columns, values },
    reward,
    transitionReward,
    initial,
    terminal,
    ...(grid && { grid }),
    ...(actionNames && { actionNames }),
  };
}
