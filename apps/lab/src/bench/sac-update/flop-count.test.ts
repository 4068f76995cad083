import { expect, it } from 'vitest';
import { updateFlops } from './flop-count.js';
import { benchmarkSizes } from './workload.js';

it('counts the products of a network small enough to list them', () => {
  // Batch 1, observation 1, action 1, one hidden layer of 1. Actor 1-1-2: layers of 1 and 2 multiply-adds.
  // Critic 2-1-1: layers of 2 and 1.
  const target = 1 + 2 + 2 * (2 + 1);
  const criticForward = 2 * (2 + 1);
  const criticWeights = 2 * (2 + 1);
  const criticHidden = 2 * 1;
  const actorForward = 1 + 2 + 2 * (2 + 1);
  const criticInputs = 2 * (1 + 2);
  const actorWeights = 1 + 2;
  const actorHidden = 2;
  const expected =
    2 *
    (target +
      criticForward +
      criticWeights +
      criticHidden +
      actorForward +
      criticInputs +
      actorWeights +
      actorHidden);
  expect(updateFlops({ batchSize: 1, observationSize: 1, actionSize: 1, hiddenSizes: [1] })).toBe(expected);
});

it('is proportional to the batch', () => {
  expect(updateFlops({ ...benchmarkSizes, batchSize: 512 })).toBe(2 * updateFlops(benchmarkSizes));
});

it('gives 0.58 GFLOP for the benchmark', () => {
  // Per row: actor 17-256-256-12 has 72960 weights (4352 in layer one), critic 23-256-256-1 71680 (5888).
  expect(updateFlops(benchmarkSizes)).toBe(2 * 256 * (4 * 72960 - 4352 + 12 * 71680 - 2 * 5888));
  expect(updateFlops(benchmarkSizes) / 1e9).toBeCloseTo(0.58, 2);
});
