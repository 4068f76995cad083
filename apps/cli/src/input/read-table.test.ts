import { expect, test } from 'vitest';
import { type NestedNumbers, readTable } from './read-table.js';

test.each<[NestedNumbers, number[], number[]]>([
  [7, [], [7]],
  [[1, '-Infinity', null], [3], [1, Number.NEGATIVE_INFINITY, Number.NaN]],
  [
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    [3, 2],
    [1, 2, 3, 4, 5, 6],
  ],
  [
    [[1, 2], null],
    [2, 2],
    [1, 2, Number.NaN, Number.NaN],
  ],
  [
    [[[1, 2]], [[3, 'Infinity']]],
    [2, 1, 2],
    [1, 2, 3, Number.POSITIVE_INFINITY],
  ],
  [[], [0, 2], []],
])('%j of the shape %j', (value, shape, numbers) => {
  expect(readTable(value, shape, 'A')).toEqual(Float64Array.from(numbers));
});

test.each<[NestedNumbers, number[], string]>([
  [[1, 2], [3], 'A: expected 3 entries, got 2'],
  [[[1, 2], [3]], [2, 2], 'A[1]: expected 2 entries, got 1'],
  [[[1, 2], 3], [2, 2], 'A[1]: expected an array of 2, got 3'],
  [[[1, [2]]], [1, 2], 'A[0][1]: expected a number, got an array'],
])('%j is not of the shape %j', (value, shape, message) => {
  expect(() => readTable(value, shape, 'A')).toThrow(message);
});
