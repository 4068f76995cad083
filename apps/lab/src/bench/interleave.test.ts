import { expect, it } from 'vitest';
import { type Contender, measureInterleaved } from './interleave.js';

it('warms up first, then alternates in both directions, and takes medians', async () => {
  const calls: string[] = [];
  const contender = (label: string, values: number[]): Contender => ({
    label,
    unit: 'ms',
    warmUp: () => {
      calls.push(`warm ${label}`);
    },
    measure: async () => {
      calls.push(label);
      return values.shift()!;
    },
  });
  const progress: string[] = [];
  const rows = await measureInterleaved([contender('a', [5, 1, 3]), contender('b', [20, 40, 30])], {
    rounds: 3,
    progress: (line) => progress.push(line),
  });
  expect(calls).toEqual(['warm a', 'warm b', 'a', 'b', 'b', 'a', 'a', 'b']);
  expect(rows).toEqual([
    { label: 'a', median: 3, unit: 'ms', runs: [5, 1, 3] },
    { label: 'b', median: 30, unit: 'ms', runs: [20, 40, 30] },
  ]);
  expect(progress).toContain('round 2/3: b 40.00 ms');
});
