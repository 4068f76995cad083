import { expect, it } from 'vitest';
import { broken } from './checks.js';

it('names the checks that do not hold', () => {
  expect(
    broken([
      { name: 'speed', value: 2.5, limit: 3, must: 'be at least' },
      { name: 'error', value: 1e-9, limit: 1e-8, must: 'be at most' },
      { name: 'nonsense', value: Number.NaN, limit: 1, must: 'be at most' },
    ]),
  ).toEqual(['speed must be at least 3.00, and is 2.50', 'nonsense must be at most 1.00, and is NaN']);
});
