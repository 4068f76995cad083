import { expect, it } from 'vitest';
import { MAZES, successShare } from './index.js';

it('counts the episodes that end at the goal', async () => {
  // With the goal next to the start, some episodes reach it; behind two bends, none of a few do.
  expect(await successShare('####/#SG#/####', 20)).toBeGreaterThan(0.05);
  expect(await successShare(MAZES.turn, 20)).toBe(0);
});
