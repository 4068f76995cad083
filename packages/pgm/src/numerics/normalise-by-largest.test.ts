import { expect, it } from 'vitest';
import { normaliseByLargest } from './normalise-by-largest.js';

it.each([
  [[-3, -1, -Infinity], [-2, 0, -Infinity], -1],
  [[-Infinity, -Infinity], [-Infinity, -Infinity], -Infinity],
  [[], [], -Infinity],
])('turns %j into %j and returns %d', (values, expected, largest) => {
  const logWeights = Float64Array.from(values);
  expect(normaliseByLargest(logWeights)).toBe(largest);
  expect(Array.from(logWeights)).toEqual(expected);
});
