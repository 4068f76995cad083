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

describe('bellmanTarget', () => {
  const target = (continues: number[]) =>
    bellmanTarget({
      rewards: tf.tensor1d([1, 2, 3]),
      continues: tf.tensor1d(continues),
      values: values(),
      logProb: tf.tensor1d([-1, 2, 0.5]),
      temperature: tf.scalar(0.2),
      discount: 0.9,
    });

  it('bootstraps with the smaller critic and the entropy bonus', () => {
    expectClose(target([1, 1, 1]), [1 + 0.9 * (1 + 0.2), 2 + 0.9 * (4 - 0.4), 3 + 0.9 * (-2 - 0.1)]);
  });

  it('is made of softStateValue', () => {
    const inputs = { values: values(), logProb: tf.tensor1d([-1, 2, 0.5]), temperature: tf.scalar(0.2) };
    expectClose(softStateValue(inputs), [1.2, 3.6, -2.1]);
  });

  it('takes values of states as they are', () => {
    const [rewards, continues] = [tf.tensor1d([1, 2]), tf.tensor1d([1, 0])];
    expectClose(
      bellmanTarget({ values: tf.tensor2d([[4], [5]]), rewards, continues, discount: 0.5 }),
      [3, 2],
    );
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
    const { loss, entropy } = actorLoss({ values: values(), logProb, temperature });
    expectClose(loss, [(0.2 * 1.5 - (1 + 4 - 2)) / 3]);
    expectClose(entropy, [-0.5]);
    const [byValue, byLogProb] = tf.grads(
      (q, l) => actorLoss({ values: q, logProb: l as tf.Tensor1D, temperature }).loss,
    )([values(), logProb]);
    expectClose(byValue!, [-1 / 3, 0, -1 / 3, 0, -1 / 3, 0]);
    expectClose(byLogProb!, [0.2 / 3, 0.2 / 3, 0.2 / 3]);
  });
});
