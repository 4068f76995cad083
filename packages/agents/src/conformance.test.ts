import { selectBackend } from '@maxent/backend';
import { Box } from '@maxent/core';
import { checkAgent, checkPlugin } from '@maxent/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { agentsPlugin, softActorCritic } from './plugin.js';

beforeAll(() => selectBackend({ prefer: 'wasm' }));

it('soft actor-critic keeps every rule of the agent contract', async () => {
  const report = await checkAgent(softActorCritic, {
    config: { hiddenSizes: [8], batchSize: 16, learningStarts: 5, replayCapacity: 30 },
    observationSpace: new Box({ low: -1, high: 1, shape: [4] }),
    actionSpace: new Box({ low: [-2, 0], high: [2, 1] }),
    countTensors: () => tf.memory().numTensors,
  });
  expect(report.skipped).toEqual([]);
});

it('the plugin is well formed', async () => {
  await checkPlugin(agentsPlugin);
});
