import { checkAgent } from '@maxent/core/testing';
import { train } from 'maxent';
import { expect, it } from 'vitest';
import { crossEntropy } from './cross-entropy.js';
import { hover } from './hover.js';
import { exactPilot, meanReturn } from './test-support/exact-pilot.js';

it('keeps every rule of the agent contract', async () => {
  const report = await checkAgent(crossEntropy, {
    config: { population: 2, elites: 1 },
    steps: 80,
    countTensors: () => 0,
  });
  expect(report.skipped).toEqual([]);
});

it.each([
  [{ population: 4, elites: 4 }, 'elites: expected fewer elites than the population has policies'],
  [{ population: 1 }, 'population'],
])('refuses %j', async (config, message) => {
  await expect(train(crossEntropy, hover, { steps: 1, config })).rejects.toThrow(message);
});

it('flies nearly as well as the exact policy', async () => {
  const run = await train(crossEntropy, hover, { steps: 30_000, seed: 1, evalEvery: 30_000 });
  const policy = run.policy();
  const found = meanReturn((observation) => policy.act(observation)[0]!);
  const best = meanReturn(exactPilot({ discount: 1, temperature: 1e-3 }));
  expect(found).toBeGreaterThan(1.25 * best);
  run.close();
});
