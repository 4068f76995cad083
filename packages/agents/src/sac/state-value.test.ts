import { readScalar, readTensor, selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { StateValue } from './state-value.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const make = () =>
  new StateValue({ inputSize: 1, hiddenSizes: [4], learningRate: 1e-2, rng: Rng.fromSeed(1) });
const observations = () => tf.tensor2d([[-1], [0.5], [2]]);
const valuesOf = (value: StateValue) => readTensor(value.ofTarget(observations()));

it('takes half the mean squared error, and moves only by the rate', () => {
  const value = make();
  // The average starts as a copy, so it gives the network's values from before the first step.
  const start = valuesOf(value);
  const target = [1, -2, 0.25];
  const loss = readScalar(value.learn(observations(), tf.tensor1d(target)));
  const squares = target.map((y, i) => (start[i]! - y) ** 2);
  expect(loss).toBeCloseTo(squares.reduce((a, b) => a + b) / 6, 5);
  expect(valuesOf(value)).toEqual(start);
  value.follow(1);
  const moved = valuesOf(value);
  // Adam's first step goes toward the targets.
  const distance = (values: Float32Array) => target.reduce((sum, y, i) => sum + (values[i]! - y) ** 2, 0);
  expect(distance(moved)).toBeLessThan(distance(start));
});

it('reaches the values it is given', () => {
  const value = make();
  for (let i = 0; i < 800; i++) tf.tidy(() => void value.learn(observations(), tf.tensor1d([1, -2, 0.25])));
  value.follow(1);
  [1, -2, 0.25].forEach((y, i) => {
    expect(valuesOf(value)[i]).toBeCloseTo(y, 1);
  });
});
