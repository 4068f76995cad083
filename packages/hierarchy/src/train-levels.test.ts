import { selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { Box, Rng, type RunOutcome } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { FlowPolicy } from './flow-policy.js';
import { FrozenPolicy } from './frozen-policy.js';
import type { Level } from './level.js';
import { LevelStack } from './level-stack.js';
import { trainLevels } from './train-levels.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const actionSpace = new Box({ low: -1, high: 1, shape: [2] });

function frozen(every: number): Level {
  const policy = new FlowPolicy({
    observationSize: 4,
    actionSize: 2,
    hiddenSizes: [8],
    couplingLayers: 2,
    couplingHiddenSize: 4,
    maximumLogScale: 2,
    squashed: true,
    rng: Rng.fromSeed(every),
  });
  const level = { policy: FrozenPolicy.of(policy, actionSpace), sees: null, every };
  policy.dispose();
  return level;
}

/** A level that ends in this way and records the levels below it during training. */
function training(every: number, outcome: RunOutcome, stoodOn: (readonly [number, unknown])[][]) {
  return {
    train: async (below: LevelStack) => {
      stoodOn.push(below.levels.map((level) => [level.every, level.sees] as const));
      return { level: frozen(every), result: { outcome, every } };
    },
  };
}

const part = { from: 0, to: 2 };

it('trains each level on the levels below it, as its environment shows them, and returns all of them', async () => {
  const stoodOn: (readonly [number, unknown])[][] = [];
  const { stack, results } = await trainLevels(
    [
      training(2, 'completed', stoodOn),
      { ...training(3, 'solved', stoodOn), belowSee: [part, null] },
      training(4, 'completed', stoodOn),
    ],
    new LevelStack([frozen(1)]),
  );
  expect(stoodOn).toEqual([
    [[1, null]],
    [
      [1, part],
      [2, null],
    ],
    [
      [1, part],
      [2, null],
      [3, null],
    ],
  ]);
  expect(stack.levels.map(({ every }) => every)).toEqual([1, 2, 3, 4]);
  expect(results.map(({ every }) => every)).toEqual([2, 3, 4]);
  stack.dispose();
});

it('ends with a level that is interrupted', async () => {
  const stoodOn: (readonly [number, unknown])[][] = [];
  const { stack, results } = await trainLevels([
    training(1, 'completed', stoodOn),
    training(2, 'interrupted', stoodOn),
    training(3, 'completed', stoodOn),
  ]);
  expect(results.map(({ outcome }) => outcome)).toEqual(['completed', 'interrupted']);
  expect(stack.levels).toHaveLength(2);
  stack.dispose();
});

it('keeps no level when one throws', async () => {
  const before = tf.memory().numTensors;
  const failing = { train: () => Promise.reject(new Error('diverged')) };
  await expect(
    trainLevels([training(1, 'completed', []), failing], new LevelStack([frozen(1)])),
  ).rejects.toThrow('diverged');
  expect(tf.memory().numTensors).toBe(before);
});
