import { expect, it } from 'vitest';
import { MAZES, successShare } from './index.js';

it('counts the episodes that end at the goal', async () => {
  // With the goal beside the start, some of them do; behind two bends, none of a few.
  expect(await successShare('####/#SG#/####', 20)).toBeGreaterThan(0.05);
  expect(await successShare(MAZES.turn, 20)).toBe(0);
});
