import { Box, Discrete } from '@maxent/core';
import { expect, it } from 'vitest';
import { SharedBlock } from './shared-block.js';

it("carries rewards, the author's where a wrapper changed them, durations and flags from thread to thread", () => {
  const spaces = [new Box({ low: [0], high: [1] }), new Discrete(2)] as const;
  const worker = new SharedBlock(...spaces, 2);
  const main = new SharedBlock(...spaces, 2, worker.buffer);
  const changed = { reward: 0.1, originalReward: 7, duration: 3, terminated: true, truncated: false };
  const plain = { reward: -3, originalReward: undefined, duration: 1, terminated: false, truncated: true };
  worker.writeSeed(0, 11);
  worker.writeOutcome(0, changed);
  worker.writeOutcome(1, plain);
  expect([main.readOutcome(0), main.readOutcome(1), main.readSeed(0)]).toEqual([changed, plain, 11]);
  worker.writeOutcome(0, plain);
  expect(main.readOutcome(0)).toEqual(plain);
});
