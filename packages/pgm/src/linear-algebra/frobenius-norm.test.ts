import { expect, it } from 'vitest';
import { frobeniusNorm } from './frobenius-norm.js';

it.each([
  [[3, -4], 5],
  [[0, 0], 0],
  [[3e200, 4e200], 5e200],
  [[3e-200, 4e-200], 5e-200],
  [[1, -Infinity], Infinity],
  [[1, Number.NaN, 2], Number.NaN],
  [[Number.NaN, 0], Number.NaN],
])('of %j is %d', (values, expected) => {
  const actual = frobeniusNorm(Float64Array.from(values));
  if (expected > 0 && expected < Infinity) expect(actual / expected).toBeCloseTo(1, 14);
  else expect(actual).toBe(expected);
});

it('takes more entries than a function takes arguments', () => {
  expect(frobeniusNorm(new Float64Array(1e6).fill(1))).toBe(1000);
});
