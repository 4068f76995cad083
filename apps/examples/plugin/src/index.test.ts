import { selectBackend } from '@maxent/backend';
import { checkPlugin } from '@maxent/core/testing';
import { loadPolicy, train } from 'maxent';
import { expect, it } from 'vitest';
import { crossEntropy, hover, plugin, softNaf } from './index.js';

it('is a plugin', async () => {
  await selectBackend();
  const report = await checkPlugin(plugin, {
    environments: { 'Hover-v0': { steps: 120 } },
    agents: {
      'soft-naf': { config: { hiddenSizes: [8], batchSize: 16, learningStarts: 5, replayCapacity: 30 } },
      'cross-entropy': { config: { population: 2, elites: 1 }, steps: 80 },
    },
  });
  expect(report.passed.length).toBeGreaterThan(30);
});

it.each([softNaf, crossEntropy])('$name acts from a policy file as the agent does', async (agent) => {
  const run = await train(agent, hover, { steps: 600, seed: 1, evalEvery: 600 });
  const policy = await loadPolicy(run.policy().toBytes());
  for (const observation of [Float32Array.of(0.3, -0.2), Float32Array.of(-2, 1)]) {
    const own = run.agent.act(observation, { deterministic: true });
    const loaded = policy.act(observation) as Float32Array;
    expect(Math.abs(loaded[0]! - own[0]!)).toBeLessThan(2e-5);
  }
  run.close();
});

it('works with the agents and environments that come with maxent', async () => {
  const flown = await train('sac', hover, { steps: 20, config: { learningStarts: 10, hiddenSizes: [8] } });
  expect(flown.updates).toBe(10);
  flown.close();
  const swung = await train(softNaf, 'Pendulum-v1', { steps: 20, config: { learningStarts: 10 } });
  expect(swung.updates).toBe(10);
  swung.close();
});
