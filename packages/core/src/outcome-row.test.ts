import { expect, it } from 'vitest';
import { OutcomeRow } from './outcome-row.js';

const entriesOf = ({ count, next, probs, rewards }: OutcomeRow) =>
  Array.from({ length: count }, (_, i) => [next[i], probs[i], rewards[i]]);

it('sorts outcomes by their next state and merges those that lead to the same one', () => {
  const row = new OutcomeRow();
  row.add(4, 0.25, 1);
  row.add(2, 0.5, -1);
  row.add(4, 0.125, 4);
  row.add(3, 0.125, 0);
  expect(entriesOf(row)).toEqual([
    [2, 0.5, -1],
    [3, 0.125, 0],
    [4, 0.375, 2],
  ]);
});

it('keeps equal rewards to the last bit', () => {
  const row = new OutcomeRow();
  for (const probability of [0.1, 0.2, 0.7]) row.add(0, probability, 0.1);
  expect(entriesOf(row)).toEqual([[0, 0.1 + 0.2 + 0.7, 0.1]]);
});

it('begins anew after clear', () => {
  const row = new OutcomeRow();
  row.add(5, 1, 2);
  row.clear();
  row.add(1, 1, 3);
  expect(entriesOf(row)).toEqual([[1, 1, 3]]);
});
