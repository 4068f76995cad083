import { expect, test } from 'vitest';
import { firstDifference } from './first-difference.js';

const rows = [
  { type: 'metrics', step: 1000, metrics: { criticLoss: 0.5 }, wallSeconds: 3, stepsPerSecond: 100 },
  { type: 'evaluation', step: 2000, returnMean: -1.5, wallSeconds: 7 },
];

test('only wall-clock fields may differ', () => {
  const later = rows.map((row) => ({ ...row, wallSeconds: 99 }));
  expect(firstDifference(rows, later)).toBeUndefined();
});

test.each([
  [[rows[0]!], 'it ends after 1 rows of 2'],
  [[...rows, rows[1]!], 'it goes on after row 2'],
  [[rows[0]!, { ...rows[1]!, returnMean: -1.25 }], 'row 2: returnMean is -1.25, not -1.5'],
  [
    [{ ...rows[0]!, metrics: { criticLoss: 0.25 } }, rows[1]!],
    'row 1: metrics is {"criticLoss":0.25}, not {"criticLoss":0.5}',
  ],
  [[{ ...rows[0]!, entropy: 1 }, rows[1]!], 'row 1: entropy is 1, not undefined'],
])('%#: a difference is named', (others, expected) => {
  expect(firstDifference(rows, others)).toBe(expected);
});
