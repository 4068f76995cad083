import { expect, it } from 'vitest';
import { metaUpdateFlops, paperSizes } from './flop-count.js';

it('counts the products of networks small enough to list them', () => {
  // One task, row and context row; observation, action and latent of 1; hidden layers of 1.
  // Actor 2-1-2: layers of 2 and 2 multiply-adds. Critic 3-1-1: 3 and 1. Value 2-1-1: 2 and 1. Encoder 3-1-2: 3 and 2.
  const valueLoss = 4 + 2 * 4 + 3 + (3 + 1);
  const target = 3;
  const criticLoss = 2 * 4 + 2 * (4 + 1 + 1);
  const actorLoss = 4 + 2 * 4 + 2 * 4 + (4 + 2);
  const encoder = 5 + (5 + 2);
  expect(
    metaUpdateFlops({
      ...{ tasks: 1, batchSize: 1, contextSize: 1, observationSize: 1, actionSize: 1, latentSize: 1 },
      ...{ hiddenSizes: [1], encoderHiddenSizes: [1] },
    }),
  ).toBe(2 * (valueLoss + target + criticLoss + actorLoss + encoder));
});

it('gives about 30 GFLOP at the size of the paper', () => {
  expect(metaUpdateFlops(paperSizes) / 1e9).toBeGreaterThan(25);
  expect(metaUpdateFlops(paperSizes) / 1e9).toBeLessThan(40);
});
