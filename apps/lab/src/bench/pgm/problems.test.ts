import { expect, it } from 'vitest';
import { problems } from './problems.js';

it.each([
  ['hmm', 50, 1 + 50 * 64],
  ['kalman', 50, 1 + 50 * (8 + 64)],
  ['grid', 20, 400],
  ['horizon', 30, 31 * 100],
  ['memory', 100, 100],
] as const)(
  '%s of size %i answers with %i finite numbers, and every piece of work runs',
  (name, size, count) => {
    const { works, answer } = problems[name](size);
    for (const work of Object.values(works)) work();
    const numbers = answer();
    expect(numbers).toHaveLength(count);
    expect(numbers.every(Number.isFinite)).toBe(true);
  },
);

it('the grid has 4 actions with 3 successors each, but in its corners and at the goal', () => {
  const { transitions } = problems.grid(100).size;
  expect(transitions).toBe(12 * 100 ** 2 - 14);
});
