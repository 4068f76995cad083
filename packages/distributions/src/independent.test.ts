import { readTensor, selectBackend } from '@maxent/backend';
import { Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Bernoulli, Categorical, DiagonalNormal, Independent, Normal } from './index.js';

beforeAll(() => selectBackend({ prefer: 'cpu' }));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const mean = (): tf.Tensor => tf.tensor2d([0, 1, 2, 3, -4, 5], [2, 3]);
const std = (): tf.Tensor => tf.tensor1d([1, 2, 0.5]);

test('independent normals are a DiagonalNormal', () => {
  const independent = new Independent(new Normal({ mean: mean(), std: std() }));
  const diagonal = new DiagonalNormal({ mean: mean(), std: std() });
  expect([independent.batchShape, independent.eventShape]).toEqual([[2], [3]]);
  expect(independent.reparameterized).toBe(true);
  const own = independent.sampleAndLogProb(Rng.fromSeed(1), [4]);
  const theirs = diagonal.sampleAndLogProb(Rng.fromSeed(1), [4]);
  expect(own.logProb.shape).toEqual([4, 2]);
  expect(readTensor(own.sample)).toEqual(readTensor(theirs.sample));
  expect(readTensor(own.logProb)).toEqual(readTensor(theirs.logProb));
  expect(readTensor(independent.sample(Rng.fromSeed(1), [4]))).toEqual(readTensor(theirs.sample));
  expect(readTensor(independent.logProb(own.sample))).toEqual(readTensor(diagonal.logProb(own.sample)));
  expect(readTensor(independent.entropy())).toEqual(readTensor(diagonal.entropy()));
  expect(readTensor(independent.mode())).toEqual(readTensor(mean()));
});

test('several dimensions, behind and before others of the event', () => {
  const coins = new Independent(new Bernoulli(tf.zeros([5, 2, 3])), 2);
  expect([coins.batchShape, coins.eventShape, coins.reparameterized]).toEqual([[5], [2, 3], false]);
  const bits = 6 * Math.LN2;
  for (const value of readTensor(coins.entropy())) expect(value).toBeCloseTo(bits, 5);
  const scores = coins.logProb(tf.ones([7, 5, 2, 3]));
  expect(scores.shape).toEqual([7, 5]);
  for (const value of readTensor(scores)) expect(value).toBeCloseTo(-bits, 5);
  const vectors = new Independent(new DiagonalNormal({ mean: tf.zeros([5, 2, 3]), std: tf.scalar(1) }));
  expect([vectors.batchShape, vectors.eventShape]).toEqual([[5], [2, 3]]);
  expect(vectors.logProb(tf.zeros([5, 2, 3])).shape).toEqual([5]);
});

test('refuses counts that the base has not, and values of another event', () => {
  const base = new Categorical(tf.zeros([2, 3, 4]));
  const message = 'reinterpretedBatchDimensions: expected an integer from 1 to 2';
  for (const count of [0, 3, 1.5]) expect(() => new Independent(base, count)).toThrow(message);
  expect(() => new Independent(base).logProb(tf.zeros([2, 1], 'int32'))).toThrow(
    'value: expected shape [..., 3], got [2,1]',
  );
});
