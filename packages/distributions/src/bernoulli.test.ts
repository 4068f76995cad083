import { readTensor, selectBackend } from '@maxent/backend';
import { testBackends } from '@maxent/backend/testing';
import { Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Bernoulli, Independent } from './index.js';

function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance = 2e-6): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(actual[i]! - value), `[${i}]: ${actual[i]} for ${value}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(value)),
    );
  }
}

/** Logit, p(1), log p(0), log p(1), entropy: mpmath 1.3.0 with 50 digits. */
const TABLE = [
  [0, 0.5, -Math.LN2, -Math.LN2, Math.LN2],
  [1, 0.73105857863, -1.31326168752, -0.313261687518, 0.582203108888],
  [-2.5, 0.0758581800212, -0.0788897342925, -2.57888973429, 0.268535184346],
  [15, 0.999999694098, -15.0000003059, -3.05902273714e-7, 4.8944356776e-6],
  [-30, 9.35762296884e-14, -9.35762296884e-14, -30, 2.90086312034e-12],
] as const;

const column = (index: 0 | 1 | 2 | 3 | 4): number[] => TABLE.map((row) => row[index]);
const make = (): Bernoulli => new Bernoulli(tf.tensor1d(column(0)));

describe.each(testBackends)('on %s', (prefer) => {
  beforeAll(() => selectBackend({ prefer }));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test('gives the tabled numbers', () => {
    const bernoulli = make();
    expect([bernoulli.batchShape, bernoulli.eventShape]).toEqual([[5], []]);
    expectClose(readTensor(bernoulli.probs()), column(1));
    expectClose(readTensor(bernoulli.logProb(tf.zeros([5]))), column(2));
    expectClose(readTensor(bernoulli.logProb(tf.ones([5]))), column(3));
    expectClose(readTensor(bernoulli.logProbs()), column(3));
    expectClose(readTensor(bernoulli.opposite().logProbs()), column(2));
    expect([...readTensor(bernoulli.mode())]).toEqual([0, 1, 0, 1, 0]);
    const entropy = readTensor(bernoulli.entropy());
    expectClose(entropy, column(4));
    // All but certain coins to their own precision too.
    expectClose([entropy[3]! / TABLE[3][4], entropy[4]! / TABLE[4][4]], [1, 1], 1e-5);
  });

  test('samples with the stated frequencies and scores its own draws; equal streams give equal draws', () => {
    const draws = 20_000;
    const { sample, logProb } = make().sampleAndLogProb(Rng.fromSeed(1), [draws]);
    expect([sample.shape, sample.dtype, logProb.shape]).toEqual([[draws, 5], 'float32', [draws, 5]]);
    expectClose(readTensor(tf.mean(sample, 0)), column(1), (4 * 0.5) / Math.sqrt(draws));
    expectClose(readTensor(tf.neg(tf.mean(logProb, 0))), column(4), 4 / Math.sqrt(draws));
    expect(readTensor(make().sample(Rng.fromSeed(1), [draws]))).toEqual(readTensor(sample));
  });

  test('gradients: value - p for a log-probability, -p (1 - p) logit for the entropy', () => {
    const [logits, probs] = [tf.tensor1d(column(0)), column(1)];
    for (const value of [0, 1]) {
      const gradient = tf.grad((l: tf.Tensor) => new Bernoulli(l).logProb(tf.fill([5], value)))(logits);
      expectClose(
        readTensor(gradient),
        probs.map((p) => value - p),
      );
    }
    const ofEntropy = tf.grad((l: tf.Tensor) => new Bernoulli(l).entropy())(logits);
    expectClose(
      readTensor(ofEntropy),
      probs.map((p, i) => -p * (1 - p) * column(0)[i]!),
      1e-5,
    );
  });

  test('methods leave no tensors behind', () => {
    const bernoulli = make();
    const before = tf.memory().numTensors;
    bernoulli.entropy().dispose();
    bernoulli.mode().dispose();
    const { sample, logProb } = bernoulli.sampleAndLogProb(Rng.fromSeed(1));
    tf.dispose([sample, logProb]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('refuses values of another batch', async () => {
  await selectBackend({ prefer: 'cpu' });
  expect(() => make().logProb(tf.zeros([2]))).toThrow(
    'value: expected a shape that broadcasts with [5], got [2]',
  );
});

test.each([
  [0.5, 'got 0.5 at entry 1 of [5]; all lie between 0 and 1. Binarize gray levels first'],
  [255, 'got 255 at entry 1 of [5]; all lie between 0 and 255'],
  [-1, 'got -1 at entry 1'],
  [1e-7, 'got 1.0000000116860974e-7 at entry 1'],
  [Number.NaN, 'got NaN at entry 1 of [5]. Binarize'],
])('refuses %j, which is not a side of a coin', async (entry, message) => {
  await selectBackend({ prefer: 'cpu' });
  const value = tf.tensor1d([0, entry, 1, 1, 0]);
  expect(() => make().logProb(value)).toThrow(`value: expected only 0 and 1, ${message}`);
  expect(() => new Independent(make()).logProb(value)).toThrow('use ContinuousBernoulli');
});

test('takes booleans and integers for sides', async () => {
  await selectBackend({ prefer: 'cpu' });
  const sides = [0, 1, 1, 0, 1];
  const expected = readTensor(make().logProb(tf.tensor1d(sides)));
  for (const dtype of ['int32', 'bool'] as const) {
    expect(readTensor(make().logProb(tf.tensor1d(sides, dtype)))).toEqual(expected);
  }
});
