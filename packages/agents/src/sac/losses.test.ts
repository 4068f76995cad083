import { selectBackend } from '@maxent/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { actorLoss, bellmanTarget, criticLoss, softStateValue } from './losses.js';

beforeAll(() => selectBackend({ prefer: 'cpu' }));

/** Two critics' values of three transitions, [2, 3, 1]. */
const values = () =>
  tf.tensor3d([
    [[1], [5], [-2]],
    [[3], [4], [-1]],
  ]);

function expectClose(actual: tf.Tensor, expected: number[]) {
  const numbers = [...actual.dataSync()];
  expect(numbers).toHaveLength(expected.length);
  numbers.forEach((number, i) => {
    expect(number).toBeCloseTo(expected[i]!, 5);
  });
}

describe('bellmanTarget of softStateValue', () => {
  const target = (continues: number[]) =>
    bellmanTarget({
      rewards: tf.tensor1d([1, 2, 3]),
      continues: tf.tensor1d(continues),
      nextValues: softStateValue(values(), tf.tensor1d([-1, 2, 0.5]), tf.scalar(0.2)),
      discount: 0.9,
    });

  it('bootstraps with the smaller critic and the entropy bonus', () => {
    expectClose(target([1, 1, 1]), [1 + 0.9 * (1 + 0.2), 2 + 0.9 * (4 - 0.4), 3 + 0.9 * (-2 - 0.1)]);
  });

  it('gives the bare reward where the episode terminated', () => {
    expectClose(target([0, 1, 0]), [1, 2 + 0.9 * (4 - 0.4), 3]);
  });
});

describe('criticLoss', () => {
  it('sums half the mean squared error over critics', () => {
    const target = tf.tensor1d([1, 4, 0]);
    expectClose(criticLoss(values(), target), [0.5 * ((0 + 1 + 4) / 3 + (4 + 0 + 1) / 3)]);
  });

  it('sends each critic only the gradient of its own error', () => {
    const gradient = tf.grad((q) => criticLoss(q, tf.tensor1d([1, 4, 0])))(values());
    expectClose(gradient, [0, 1 / 3, -2 / 3, 2 / 3, 0, -1 / 3]);
  });
});

describe('actorLoss', () => {
  it('is the mean of alpha log pi - min Q, with gradients through both', () => {
    const logProb = tf.tensor1d([-1, 2, 0.5]);
    const temperature = tf.scalar(0.2);
    expectClose(actorLoss(values(), logProb, temperature), [(0.2 * 1.5 - (1 + 4 - 2)) / 3]);
    const [byValue, byLogProb] = tf.grads((q, l) => actorLoss(q, l as tf.Tensor1D, temperature))([
      values(),
      logProb,
    ]);
    expectClose(byValue!, [-1 / 3, 0, -1 / 3, 0, -1 / 3, 0]);
    expectClose(byLogProb!, [0.2 / 3, 0.2 / 3, 0.2 / 3]);
  });
});
