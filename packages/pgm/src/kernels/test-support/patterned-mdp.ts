import type { Rng, TabularMdp } from '@maxent/core';

export interface PatternedOptions {
  readonly stateCount: number;
  readonly actionCount: number;
  /** How many kinds of states there are. */
  readonly kinds: number;
  /** The most successors of an action. */
  readonly mostSuccessors: number;
  /** The most states of one kind that follow one another. */
  readonly longestRun: number;
  /** The share of states that are of no kind. */
  readonly irregular: number;
}

interface Successor {
  /** The distance from the state. */
  readonly offset: number;
  readonly prob: number;
}

/**
 * A process in which many states behave alike, in runs of random lengths: each kind has successors at fixed distances, and
 * states too close to either end for their kind are of no kind. Some actions are forbidden, and some states terminal.
 */
export function patternedMdp(rng: Rng, options: PatternedOptions): TabularMdp {
  const { stateCount, actionCount, kinds, mostSuccessors, longestRun, irregular } = options;
  const reach = Math.min(3 * mostSuccessors, stateCount - 1);
  const row = (from: number, to: number): Successor[] => {
    const offsets = new Set<number>();
    const count = 1 + rng.integer(Math.min(mostSuccessors, to - from + 1));
    while (offsets.size < count) offsets.add(from + rng.integer(to - from + 1));
    const weights = Array.from(offsets, () => 0.05 + rng.uniform());
    const sum = weights.reduce((a, b) => a + b);
    return [...offsets].sort((a, b) => a - b).map((offset, i) => ({ offset, prob: weights[i]! / sum }));
  };
  const rowsOf = (from: number, to: number) => Array.from({ length: actionCount }, () => row(from, to));
  const templates = Array.from({ length: kinds }, () => rowsOf(-reach, reach));

  const rowOffsets = [0];
  const columns: number[] = [];
  const values: number[] = [];
  let template = templates[0]!;
  for (let state = 0, left = 0; state < stateCount; state++, left--) {
    if (left === 0) {
      template = templates[rng.integer(kinds)]!;
      left = 1 + rng.integer(longestRun);
    }
    const fits = template.every((each) =>
      each.every(({ offset }) => state + offset >= 0 && state + offset < stateCount),
    );
    const rows = fits && rng.uniform() >= irregular ? template : rowsOf(-state, stateCount - 1 - state);
    for (const each of rows) {
      for (const { offset, prob } of each) {
        columns.push(state + offset);
        values.push(prob);
      }
      rowOffsets.push(columns.length);
    }
  }
  const rowCount = stateCount * actionCount;
  return {
    stateCount,
    actionCount,
    transition: {
      rowCount,
      columnCount: stateCount,
      rowOffsets: Uint32Array.from(rowOffsets),
      columns: Uint32Array.from(columns),
      values: Float64Array.from(values),
    },
    reward: Float64Array.from({ length: rowCount }, () =>
      rng.uniform() < 0.1 ? -Infinity : rng.normal(0, 2),
    ),
    initial: new Float64Array(stateCount).fill(1 / stateCount),
    terminal: Uint8Array.from({ length: stateCount }, () => Number(rng.uniform() < 0.1)),
  };
}
