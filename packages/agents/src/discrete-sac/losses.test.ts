import { selectBackend } from '@maxent/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { discreteActorLoss, logSoftmaxInPlace, smallestValues, softStateValue } from './losses.js';

beforeAll(() => selectBackend({ prefer: 'cpu' }));

function expectClose(actual: ArrayLike<number>, expected: readonly number[], digits = 5) {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((number, i) => {
    expect(actual[i]).toBeCloseTo(number, digits);
  });
}

/** pi = (1/4, 3/4) in the first state, (1/2, 1/2) in the second. */
const logits = () => Float32Array.of(0, Math.log(3), 7, 7);

describe('the parts', () => {
  it('log pi sums to 1 in each row, whatever is added to the logits', () => {
    expectClose(logSoftmaxInPlace(logits(), 2), [0.25, 0.75, 0.5, 0.5].map(Math.log));
    expectClose(logSoftmaxInPlace(Float32Array.of(0, 300), 2), [-300, 0]);
  });

  it('the smaller critic, entry by entry', () => {
    expectClose(smallestValues(Float32Array.of(1, 5, -2, 3, 4, -1), 2), [1, 4, -2]);
  });

  it('V is an expectation over all actions, with the entropy bonus', () => {
    const logProbs = logSoftmaxInPlace(logits(), 2);
    const values = Float32Array.of(0, 0, 10, 20);
    const entropy = -(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75));
    expect(softStateValue(values, logProbs, 0, 2, 0.2)).toBeCloseTo(0.2 * entropy, 6);
    expect(softStateValue(values, logProbs, 1, 2, 0.2)).toBeCloseTo(15 + 0.2 * Math.log(2), 5);
  });
});

describe('discreteActorLoss', () => {
  const values = Float32Array.of(2, -1, 0.5, 3);

  /** The formula in tensor operations, differentiated by the tape. */
  const literal = (x: tf.Tensor2D, temperature: number): tf.Scalar => {
    const logProbs = tf.logSoftmax(x);
    const inner = tf.sub(tf.mul(logProbs, temperature), tf.tensor2d(values, [2, 2]));
    return tf.mean(tf.sum(tf.mul(tf.exp(logProbs), inner), 1));
  };

  it.each([0.01, 0.7, 5])('and its gradient are those of the formula, at temperature %s', (temperature) => {
    const x = tf.tensor2d(logits(), [2, 2]);
    expectClose(discreteActorLoss(x, values, temperature).dataSync(), [
      ...literal(x, temperature).dataSync(),
    ]);
    expectClose(
      tf
        .grad((y) => discreteActorLoss(y as tf.Tensor2D, values, temperature))(x)
        .dataSync(),
      [
        ...tf
          .grad((y) => literal(y as tf.Tensor2D, temperature))(x)
          .dataSync(),
      ],
    );
  });

  it('is least at the softmax of Q / temperature', () => {
    const best = tf.tensor2d(
      values.map((value) => value / 0.7),
      [2, 2],
    );
    expectClose(
      tf
        .grad((y) => discreteActorLoss(y as tf.Tensor2D, values, 0.7))(best)
        .dataSync(),
      [0, 0, 0, 0],
    );
  });
});
