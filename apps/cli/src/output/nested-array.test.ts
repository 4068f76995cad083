import { expect, test } from 'vitest';
import { NestedArray } from './nested-array.js';

const counted = (length: number) => Float64Array.from({ length }, (_, i) => i);

test('entries and parts are found row-major', () => {
  const matrices = NestedArray.matrices(counted(12), 2, 3);
  expect(matrices.shape).toEqual([2, 2, 3]);
  expect(matrices.at(1, 0, 2)).toBe(8);
  const second = matrices.part(1);
  expect(second.shape).toEqual([2, 3]);
  expect(second.at(1, 0)).toBe(9);
  expect(second.part(1).values).toEqual(Float64Array.of(9, 10, 11));
  expect(NestedArray.rows(counted(6), 2).shape).toEqual([3, 2]);
});
