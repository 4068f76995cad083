import { readTensor, selectBackend } from '@maxent/backend';
import { testBackends } from '@maxent/backend/testing';
import { Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DiagonalNormal, MultivariateNormal } from './index.js';

function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance = 2e-6): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(actual[i]! - value), `[${i}]: ${actual[i]} for ${value}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(value)),
    );
  }
}

const MEAN = [1, -2, 0.5];
const SCALE = [2, 0, 0, -1, 0.5, 0, 0.25, 1, 1.5];
const COVARIANCE = [4, -2, 0.5, -2, 1.25, 0.25, 0.5, 0.25, 3.3125];

/** A point and the log-density there, from the inverse and determinant of the covariance: mpmath 1.3.0, 50 digits. */
const TABLE: [number[], number][] = [
  [[1, -2, 0.5], -3.16228070772],
  [[0, 0, 0], -10.3185307077],
  [[4, -3, -1], -6.62408626328],
];

function make(aboveDiagonal = 0): MultivariateNormal {
  const scale = SCALE.map((value, i) => (i % 3 > Math.floor(i / 3) ? aboveDiagonal : value));
  return new MultivariateNormal({ mean: tf.tensor1d(MEAN), scaleTril: tf.tensor2d(scale, [3, 3]) });
}

describe.each(testBackends)('on %s', (prefer) => {
  beforeAll(() => selectBackend({ prefer }));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test('gives the tabled log-densities and entropy, whatever stands above the diagonal', () => {
    for (const normal of [make(), make(7)]) {
      expect([normal.batchShape, normal.eventShape]).toEqual([[], [3]]);
      expectClose(
        readTensor(normal.logProb(tf.tensor2d(TABLE.map(([point]) => point)))),
        TABLE.map(([, logProb]) => logProb),
      );
      expectClose(readTensor(normal.entropy()), [4.66228070772]);
      expectClose(readTensor(normal.mode()), MEAN);
      expectClose(readTensor(normal.scaleTril()), SCALE);
    }
  });

  test('samples have the stated mean and covariance, and the log-density that logProb gives', () => {
    const draws = 20_000;
    const normal = make(7);
    const { sample, logProb } = normal.sampleAndLogProb(Rng.fromSeed(1), [draws]);
    expect([sample.shape, logProb.shape]).toEqual([[draws, 3], [draws]]);
    const centered = tf.sub(sample, tf.tensor1d(MEAN)) as tf.Tensor2D;
    const covariance = tf.div(tf.matMul(tf.transpose(centered), centered), draws);
    expectClose(readTensor(tf.mean(centered, 0)), [0, 0, 0], 10 / Math.sqrt(draws));
    expectClose(readTensor(covariance), COVARIANCE, 10 / Math.sqrt(draws));
    expectClose(readTensor(logProb), [...readTensor(normal.logProb(sample))], 1e-4);
    expect(readTensor(normal.sample(Rng.fromSeed(1), [draws]))).toEqual(readTensor(sample));
  });

  test('a batch is each of its members, and a diagonal scale is a DiagonalNormal', () => {
    const mean = tf.tensor2d([...MEAN, 0, 1, 2], [2, 3]);
    const diagonal = new DiagonalNormal({ mean, std: tf.tensor1d([1, 2, 0.5]) });
    const scaleTril = tf.tensor3d([...SCALE, 1, 0, 0, 0, 2, 0, 0, 0, 0.5], [2, 3, 3]);
    const batch = new MultivariateNormal({ mean, scaleTril });
    const points = tf.expandDims(tf.tensor2d(TABLE.map(([point]) => point)), 1);
    const both = batch.logProb(points);
    expect(both.shape).toEqual([3, 2]);
    const expected = readTensor(diagonal.logProb(points));
    expectClose(
      readTensor(both),
      TABLE.flatMap(([, logProb], i) => [logProb, expected[2 * i + 1]!]),
    );
    expectClose(readTensor(MultivariateNormal.fromDiagonal(diagonal).logProb(points)), [...expected]);
  });

  test('gradients of log-density and draw agree with finite differences', () => {
    const point = tf.tensor1d([0.3, -1, 2]);
    const objective = (mean: tf.Tensor, scaleTril: tf.Tensor): tf.Scalar => {
      const normal = new MultivariateNormal({ mean, scaleTril });
      return tf.add(normal.logProb(point), tf.sum(normal.sample(Rng.fromSeed(1), [2])));
    };
    const [ofMean, ofScale] = tf.grads(objective)([tf.tensor1d(MEAN), tf.tensor2d(SCALE, [3, 3])]);
    const difference = (values: number[], at: (values: number[]) => tf.Scalar): number[] =>
      values.map((_, i) => {
        const moved = (step: number) =>
          readTensor(at(values.map((value, j) => (i === j ? value + step : value))))[0]!;
        return (moved(0.01) - moved(-0.01)) / 0.02;
      });
    expectClose(
      readTensor(ofMean!),
      difference(MEAN, (mean) => objective(tf.tensor1d(mean), tf.tensor2d(SCALE, [3, 3]))),
      5e-3,
    );
    expectClose(
      readTensor(ofScale!),
      difference(SCALE, (scale) => objective(tf.tensor1d(MEAN), tf.tensor2d(scale, [3, 3]))),
      5e-3,
    );
  });

  test('methods leave no tensors behind', () => {
    const normal = make();
    const before = tf.memory().numTensors;
    normal.entropy().dispose();
    normal.sample(Rng.fromSeed(1)).dispose();
    const { sample, logProb } = normal.sampleAndLogProb(Rng.fromSeed(1));
    tf.dispose([sample, logProb]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('refuses shapes that do not fit', async () => {
  await selectBackend({ prefer: 'cpu' });
  expect(() => new MultivariateNormal({ mean: tf.zeros([2]), scaleTril: tf.ones([3, 3]) })).toThrow(
    'scaleTril: expected shape [..., n, n] with a mean of shape [..., n], got [3,3] with [2]',
  );
  expect(() => make().logProb(tf.zeros([2]))).toThrow('value: expected shape [..., 3], got [2]');
});
