import { countTensors, selectBackend } from '@maxent/backend';
import { Box, parseConfig, Rng } from '@maxent/core';
import { checkAgent } from '@maxent/core/testing';
import { train } from 'maxent';
import { beforeAll, expect, it } from 'vitest';
import { hover } from './hover.js';
import { softNaf } from './soft-naf.js';
import { exactPilot, meanReturn } from './test-support/exact-pilot.js';

beforeAll(() => selectBackend());

it.each([{}, { normalizeObservations: true, gradientSteps: 2 }])(
  'keeps every rule of the agent contract: %o',
  async (own) => {
    const report = await checkAgent(softNaf, {
      config: { hiddenSizes: [8], batchSize: 16, learningStarts: 5, replayCapacity: 30, ...own },
      observationSpace: new Box({ low: -1, high: 1, shape: [4] }),
      actionSpace: new Box({ low: [-2, 0], high: [2, 1] }),
      countTensors,
    });
    expect(report.skipped).toEqual([]);
  },
);

it('finds the Gaussian exp(r / temperature) if every step is the last', async () => {
  const context = {
    observationSpace: new Box({ low: -1, high: 1, shape: [1] }),
    actionSpace: new Box({ low: [-2], high: [2] }),
    rng: Rng.fromSeed(1),
  };
  const config = parseConfig(softNaf.config, {
    hiddenSizes: [16],
    learningRate: 2e-3,
    temperature: 0.2,
    learningStarts: 200,
  });
  const agent = await softNaf.create(context, config);
  const rng = Rng.fromSeed(2);
  for (let step = 0; step < 1200; step++) {
    const x = rng.uniform(-1, 1);
    const observation = Float32Array.of(x);
    const action = agent.act(observation, { deterministic: false });
    // In units of the cube, a / 2: reward -4 (a / 2 - 0.3 x)^2 / 2.
    const reward = -2 * (action[0]! / 2 - 0.3 * x) ** 2;
    agent.observe({
      observation,
      action,
      reward,
      nextObservation: observation,
      terminated: true,
      truncated: false,
    });
    agent.update();
  }
  // The std of N(0.3 x, temperature / 4) after tanh, to first order.
  for (const x of [-0.8, 0, 0.5]) {
    const [action] = agent.act(Float32Array.of(x), { deterministic: true });
    expect(Math.abs(action! - 0.6 * x)).toBeLessThan(0.06);
  }
  const draws = Array.from({ length: 2000 }, () => {
    const [action] = agent.act(Float32Array.of(0), { deterministic: false, rng });
    return Math.atanh(action! / 2);
  });
  const mean = draws.reduce((sum, u) => sum + u, 0) / draws.length;
  const variance = draws.reduce((sum, u) => sum + (u - mean) ** 2, 0) / draws.length;
  expect(variance / (0.2 / 4)).toBeGreaterThan(0.85);
  expect(variance / (0.2 / 4)).toBeLessThan(1.15);
  agent.dispose();
});

it('learns to fly', async () => {
  const run = await train(softNaf, hover, { steps: 2000, seed: 1, evalEvery: 2000 });
  const policy = run.policy();
  const found = meanReturn((observation) => policy.act(observation)[0]!);
  const best = meanReturn(exactPilot({ discount: 0.9, temperature: 0.3 }));
  expect(found).toBeGreaterThan(2 * best);
  run.close();
});
