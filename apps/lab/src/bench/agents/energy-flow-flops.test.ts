import { expect, it } from 'vitest';
import { updateFlops } from '../sac-update/flop-count.js';
import { benchmarkSizes } from '../sac-update/workload.js';
import { energyFlowFlops } from './energy-flow-flops.js';

it('counts the products of networks small enough to list them', () => {
  // Batch 1, observation 1, two actions, hidden layers of 1, two couplings of 1. Prior 1-1-2: layers of 1 and 2
  // multiply-adds; embedding the same; shift 1-1-1; a coupling reads one entry and shifts the other.
  const [prior, embedding, shift, couplings] = [1 + 2, 1 + 2, 1 + 1, 2 * (1 + 1)];
  const target = prior + 2 * shift;
  const forward = prior + embedding + couplings + 2 * shift;
  const weights = prior + embedding + couplings + 2 * shift;
  const inputs = 2 + 2 + (couplings - 1) + 2 * 1;
  const sizes = { batchSize: 1, observationSize: 1, actionSize: 2, couplingLayers: 2, couplingHiddenSize: 1 };
  expect(energyFlowFlops({ ...sizes, hiddenSizes: [1], flowHiddenSizes: [1] })).toBe(
    2 * (target + forward + weights + inputs),
  );
});

it.each([
  { task: 'HalfCheetah', observationSize: 17, actionSize: 6, ratio: 0.565 },
  { task: 'Humanoid', observationSize: 348, actionSize: 17, ratio: 0.554 },
])('needs $ratio of what SAC needs on $task', ({ observationSize, actionSize, ratio }) => {
  const sizes = { batchSize: 256, observationSize, actionSize, hiddenSizes: [256, 256] };
  const flow = { ...sizes, flowHiddenSizes: [64, 64], couplingLayers: 4, couplingHiddenSize: 64 };
  expect(energyFlowFlops(flow) / updateFlops({ ...benchmarkSizes, ...sizes })).toBeCloseTo(ratio, 3);
});
