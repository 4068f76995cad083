import { expect, it } from 'vitest';
import { symmetrize } from './symmetrize.js';

it('averages a matrix with its transpose', () => {
  const matrix = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
  symmetrize(matrix, 3);
  expect(Array.from(matrix)).toEqual([1, 3, 5, 3, 5, 7, 5, 7, 9]);
});
