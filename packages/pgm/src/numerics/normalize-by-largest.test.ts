import { expect, it } from 'vitest';
import { normalizeByLargest } from './normalize-by-largest.js';

it.each([
  [[-3, -1, -Infinity], [-2, 0, -Infinity], -1],
  [[-Infinity, -Infinity], [-Infinity, -Infinity], -Infinity],
  [[], [], -Infinity],
])('turns %j into %j and returns %d', (values, expected, largest) => {
  const logWeights = Float64Array.from(values);
  expect(normalizeByLargest(logWeights)).toBe(largest);
  expect(Array.from(logWeights)).toEqual(expected);
});
