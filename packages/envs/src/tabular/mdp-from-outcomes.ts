import type { Grid, TabularMdp } from '@maxent/core';

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
}

/**
 * Makes a process from transitions that are listed outcome by outcome, as in the `P` of Gymnasium's toy-text worlds. An
 * outcome takes no memory apart from its place in the arrays, so that a million states take only seconds.
 */
export function mdpFromOutcomes(table: OutcomeTable): TabularMdp {
  const { stateCount, actionCount, outcomes, initial, terminal, grid } = table;
  const rowCount = stateCount * actionCount;
  const row = new OutcomeRow();

  const rowOffsets = new Uint32Array(rowCount + 1);
  for (let pair = 0; pair < rowCount; pair++) {
    row.collect(outcomes, Math.floor(pair / actionCount), pair % actionCount);
    rowOffsets[pair + 1] = rowOffsets[pair]! + row.count;
  }

  const entryCount = rowOffsets[rowCount]!;
  const columns = new Uint32Array(entryCount);
  const values = new Float64Array(entryCount);
  const transitionReward = new Float64Array(entryCount);
  const reward = new Float64Array(rowCount);
  for (let pair = 0; pair < rowCount; pair++) {
    row.collect(outcomes, Math.floor(pair / actionCount), pair % actionCount);
    const start = rowOffsets[pair]!;
    for (let i = 0; i < row.count; i++) {
      columns[start + i] = row.next[i]!;
      values[start + i] = row.probability[i]!;
      transitionReward[start + i] = row.reward[i]!;
    }
    reward[pair] = row.mean;
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
  };
}

/** The outcomes of one state and action, sorted by next state. */
class OutcomeRow {
  readonly next: number[] = [];
  readonly probability: number[] = [];
  readonly reward: number[] = [];
  count = 0;
  /** The expected reward. */
  mean = 0;

  collect(outcomes: OutcomeTable['outcomes'], state: number, action: number): void {
    this.count = 0;
    this.mean = 0;
    outcomes(state, action, this.emit);
  }

  private readonly emit: EmitOutcome = (probability, next, reward) => {
    if (probability === 0) return;
    this.mean += probability * reward;
    let place = this.count;
    while (place > 0 && this.next[place - 1]! > next) place--;
    if (place > 0 && this.next[place - 1] === next) {
      this.merge(place - 1, probability, reward);
      return;
    }
    for (let i = this.count; i > place; i--) {
      this.next[i] = this.next[i - 1]!;
      this.probability[i] = this.probability[i - 1]!;
      this.reward[i] = this.reward[i - 1]!;
    }
    this.next[place] = next;
    this.probability[place] = probability;
    this.reward[place] = reward;
    this.count++;
  };

  private merge(place: number, probability: number, reward: number): void {
    const before = this.probability[place]!;
    const sum = before + probability;
    const held = this.reward[place]!;
    if (held !== reward) this.reward[place] = (before * held + probability * reward) / sum;
    this.probability[place] = sum;
  }
}
