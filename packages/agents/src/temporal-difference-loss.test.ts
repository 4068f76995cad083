import { selectBackend } from '@maxent/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporalDifferenceLoss } from './temporal-difference-loss.js';

beforeAll(() => selectBackend({ prefer: 'cpu' }));

/** Q(s, .) of two states. */
const values = () =>
  tf.tensor2d([
    [1, 5, 0],
    [2, 0, 7],
  ]);
/** Errors 5 - 4.5 = 0.5 and 2 - 5 = -3. */
const inputs = { actions: [1, 0], targets: [4.5, 5] };

const gradientOf = (loss: 'squared' | 'huber') => [
  ...tf
    .grad((q) => temporalDifferenceLoss(q, { ...inputs, loss }))(values())
    .dataSync(),
];

describe('temporalDifferenceLoss', () => {
  it('is the mean of half the squared error of the actions taken', () => {
    const loss = temporalDifferenceLoss(values(), { ...inputs, loss: 'squared' });
    expect(loss.dataSync()[0]).toBeCloseTo((0.25 / 2 + 9 / 2) / 2, 6);
    expect(gradientOf('squared')).toEqual([0, 0.25, 0, -1.5, 0, 0]);
  });

  it("is Huber's loss: linear beyond an error of 1", () => {
    const loss = temporalDifferenceLoss(values(), { ...inputs, loss: 'huber' });
    expect(loss.dataSync()[0]).toBeCloseTo((0.25 / 2 + (3 - 0.5)) / 2, 6);
    expect(gradientOf('huber')).toEqual([0, 0.25, 0, -0.5, 0, 0]);
  });

  it('sums over networks, each with its own error', () => {
    const both = tf.stack([values(), tf.add(values(), 1)]);
    const loss = temporalDifferenceLoss(both, { ...inputs, loss: 'squared' });
    expect(loss.dataSync()[0]).toBeCloseTo((0.25 / 2 + 9 / 2) / 2 + (2.25 / 2 + 4 / 2) / 2, 6);
  });

  it('passes on the gradient from what is computed with it', () => {
    const gradient = tf.grad((q) => tf.mul(temporalDifferenceLoss(q, { ...inputs, loss: 'squared' }), 2));
    expect([...gradient(values()).dataSync()]).toEqual([0, 0.5, 0, -3, 0, 0]);
  });
});
