import { Rng, type TabularMdp } from '@maxent/core';
import { expect, it } from 'vitest';
import { prepareControl } from '../control/control-options.js';
import { findPatterns, NO_PATTERN } from './patterns.js';
import { patternedMdp } from './test-support/patterned-mdp.js';

const patternsOf = (mdp: TabularMdp) => findPatterns(prepareControl(mdp, { inference: 'variational' }));

/** What two states of one pattern have in common, in words. */
function describe({ transition, actionCount }: TabularMdp, state: number): string {
  const { rowOffsets, columns, values } = transition;
  const rows = Array.from({ length: actionCount }, (_, action) => {
    const row = state * actionCount + action;
    const entries = Array.from({ length: rowOffsets[row + 1]! - rowOffsets[row]! }, (_, i) => {
      const entry = rowOffsets[row]! + i;
      return `${columns[entry]! - state}:${values[entry]}`;
    });
    return entries.join(' ');
  });
  return rows.join('/');
}

it.each([
  [1, 0],
  [3, 0.1],
  [40, 0.5],
  [300, 0.9],
])(
  'of %i kinds, with %d of the states of none: finds what at least 8 states have in common',
  (kinds, irregular) => {
    const rng = Rng.fromSeed(kinds);
    for (const actionCount of [1, 3]) {
      const options = { stateCount: 2000, actionCount, kinds, mostSuccessors: 3, longestRun: 20, irregular };
      const mdp = patternedMdp(rng, options);
      const { ofState, examples } = patternsOf(mdp);
      const descriptions = Array.from(ofState, (_, state) => describe(mdp, state));
      const counts = new Map<string, number>();
      for (const text of descriptions) counts.set(text, 1 + (counts.get(text) ?? 0));
      expect(examples.length).toBeLessThanOrEqual(kinds);
      ofState.forEach((pattern, state) => {
        const common = counts.get(descriptions[state]!)! >= 8;
        expect(pattern !== NO_PATTERN, `state ${state}`).toBe(common);
        if (common) expect(describe(mdp, examples[pattern]!)).toBe(descriptions[state]);
      });
    }
  },
);

it('keeps to its limits, and goes on to find the patterns it has', () => {
  const rng = Rng.fromSeed(7);
  const options = {
    stateCount: 6000,
    actionCount: 2,
    kinds: 2,
    mostSuccessors: 3,
    longestRun: 50,
    irregular: 0.6,
  };
  const { ofState, examples } = patternsOf(patternedMdp(rng, options));
  expect(examples).toHaveLength(2);
  expect(ofState.subarray(4000).some((pattern) => pattern !== NO_PATTERN)).toBe(true);

  const rows = { stateCount: 90, kinds: 1, mostSuccessors: 12, longestRun: 3000, irregular: 0 };
  expect(patternsOf(patternedMdp(rng, { actionCount: 15, ...rows })).examples).toHaveLength(1);
  expect(patternsOf(patternedMdp(rng, { actionCount: 1500, ...rows })).examples).toEqual([]);
});

it('tells states apart by where a row ends, by a probability and by a column', () => {
  // Each line: for both actions, distances to the next states; probabilities are equal unless the line ends with one.
  const lines: [number[], number[], number?][] = [
    [[0, 1, 2], [3]],
    [
      [0, 1],
      [2, 3],
    ],
    [[0, 1, 2], [4]],
    [[0, 1], [2, 3], 0.25],
  ];
  const columns: number[] = [];
  const values: number[] = [];
  const rowOffsets = [0];
  for (let state = 0; state < 40; state++) {
    const [first, second, prob] = lines[state % lines.length]!;
    for (const offsets of [first, second]) {
      offsets.forEach((offset, i) => {
        columns.push(state + offset);
        const equal = 1 / offsets.length;
        values.push(prob === undefined ? equal : i === 0 ? prob : 1 - prob);
      });
      rowOffsets.push(columns.length);
    }
  }
  // Ten states in which everything ends.
  for (let state = 40; state < 50; state++) {
    for (let action = 0; action < 2; action++) {
      columns.push(49);
      values.push(1);
      rowOffsets.push(columns.length);
    }
  }
  const { ofState, examples } = patternsOf({
    stateCount: 50,
    actionCount: 2,
    transition: {
      rowCount: 100,
      columnCount: 50,
      rowOffsets: Uint32Array.from(rowOffsets),
      columns: Uint32Array.from(columns),
      values: Float64Array.from(values),
    },
    reward: new Float64Array(100),
    initial: new Float64Array(50).fill(1 / 50),
    terminal: new Uint8Array(50),
  });
  expect(examples).toEqual([0, 1, 2, 3]);
  expect([...ofState.subarray(0, 40)]).toEqual(Array.from({ length: 40 }, (_, state) => state % 4));
  expect([...ofState.subarray(40)]).toEqual(new Array(10).fill(NO_PATTERN));
});
