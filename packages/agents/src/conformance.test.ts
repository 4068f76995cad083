// Options that change what is learned or saved; apps/lab/src/complete-agent tries every agent once.
import { countTensors, selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { Box, Discrete } from '@maxent/core';
import { checkAgent } from '@maxent/core/testing';
import { beforeAll, expect, it } from 'vitest';
import {
  continuousSoftQLearning,
  crossQ,
  deepQNetwork,
  discreteSoftActorCritic,
  maximumEntropyFlow,
  softActorCritic,
  softDeepQNetwork,
} from './plugin.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const scaled = { normalizeObservations: true, rewardScaling: true };

it.each([scaled, { valueNetwork: true, temperature: 1, rewardScale: 3, criticCount: 1, gradientSteps: 2 }])(
  'soft actor-critic keeps every rule of the agent contract: %o',
  async (own) => {
    const report = await checkAgent(softActorCritic, {
      config: { hiddenSizes: [8], batchSize: 16, learningStarts: 5, replayCapacity: 30, ...own },
      observationSpace: new Box({ low: -1, high: 1, shape: [4] }),
      actionSpace: new Box({ low: [-2, 0], high: [2, 1] }),
      countTensors,
    });
    expect(report.skipped).toEqual([]);
  },
);

it.each([
  {},
  { rewardScaling: true, policyDelay: 2, gradientSteps: 2, criticCount: 1 },
  { renormalizeAfter: 3, temperature: 0.5, rewardScale: 3 },
])('CrossQ keeps every rule of the agent contract: %o', async (own) => {
  const report = await checkAgent(crossQ, {
    config: {
      ...{ hiddenSizes: [8], criticHiddenSizes: [12], batchSize: 16, learningStarts: 5, replayCapacity: 30 },
      ...own,
    },
    observationSpace: new Box({ low: -1, high: 1, shape: [4] }),
    actionSpace: new Box({ low: [-2, 0], high: [2, 1] }),
    countTensors,
  });
  expect(report.skipped).toEqual([]);
});

it.each([
  { valueProposals: 'uniform', targetEvery: 3 },
  scaled,
  { criticCount: 2, targetEvery: 1, targetRate: 0.1, temperature: 0.5 },
])('continuous soft Q-learning keeps every rule of the agent contract: %o', async (own) => {
  const report = await checkAgent(continuousSoftQLearning, {
    config: { hiddenSizes: [8], batchSize: 16, learningStarts: 5, replayCapacity: 30, ...own },
    observationSpace: new Box({ low: -1, high: 1, shape: [4] }),
    actionSpace: new Box({ low: [-2, 0], high: [2, 1] }),
    countTensors,
  });
  expect(report.skipped).toEqual([]);
});

it.each([scaled, { couplings: 'affine', priorComponents: 3, rewardScale: 2, maxGradientNorm: null }])(
  'MEow keeps every rule of the agent contract: %o',
  async (own) => {
    const report = await checkAgent(maximumEntropyFlow, {
      config: {
        hiddenSizes: [8],
        flowHiddenSizes: [8],
        couplingHiddenSize: 8,
        batchSize: 16,
        learningStarts: 5,
        replayCapacity: 30,
        ...own,
      },
      observationSpace: new Box({ low: -1, high: 1, shape: [4] }),
      actionSpace: new Box({ low: [-2, 0], high: [2, 1] }),
      countTensors,
    });
    expect(report.skipped).toEqual([]);
  },
);

it.each([
  [new Discrete(4), {}],
  [new Box({ low: -1, high: 1, shape: [4] }), { normalizeObservations: true }],
])(
  'discrete soft actor-critic keeps every rule of the agent contract on %s',
  async (observationSpace, own) => {
    const report = await checkAgent(discreteSoftActorCritic, {
      config: { hiddenSizes: [8], batchSize: 16, learningStarts: 5, replayCapacity: 30, ...own },
      observationSpace,
      actionSpace: new Discrete(3),
      countTensors,
    });
    expect(report.skipped).toEqual([]);
  },
);

it.each([
  [deepQNetwork, { nStep: 3, doubleQ: false }],
  [softDeepQNetwork, { nStep: 3, normalizeObservations: true }],
  [softDeepQNetwork, { nStep: 3, doubleQ: true }],
  [softDeepQNetwork, { targetEvery: 1, targetRate: 0.1, actionPrior: 'uniform' }],
])('deep Q-learning keeps every rule of the agent contract, %#', async (agent, own) => {
  const report = await checkAgent(agent, {
    config: {
      hiddenSizes: [8],
      batchSize: 16,
      learningStarts: 5,
      replayCapacity: 30,
      targetEvery: 4,
      ...own,
    },
    observationSpace: new Box({ low: -1, high: 1, shape: [4] }),
    actionSpace: new Discrete(3),
    countTensors,
  });
  expect(report.skipped).toEqual([]);
});
