import { readTensor, selectBackend } from '@maxent/backend';
import { testBackends } from '@maxent/backend/testing';
import { Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Categorical } from './index.js';

function expectClose(actual: ArrayLike<number>, expected: readonly number[], relative = 2e-6): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(actual[i]! - value), `[${i}]: ${actual[i]} for ${value}`).toBeLessThanOrEqual(
      relative * Math.max(1, Math.abs(value)),
    );
  }
}

/** Logits, log-probabilities, entropy: mpmath 1.3.0 with 50 digits. */
const TABLE: [number[], number[], number][] = [
  [[0, 0, 0], [-1.09861228867, -1.09861228867, -1.09861228867], 1.09861228867],
  [[1, 2, 3], [-2.40760596444, -1.40760596444, -0.407605964444], 0.83239558184],
  [[0, 100, -100], [-100, 0, -200], 0],
  [[-5.5, 0.25, -Infinity], [-5.75317772647, -0.00317772647141, -Infinity], 0.0214206528157],
];

const logits = (): tf.Tensor2D => tf.tensor2d(TABLE.map(([row]) => row));

describe.each(testBackends)('on %s', (prefer) => {
  beforeAll(() => selectBackend({ prefer }));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test('gives the tabled log-probabilities and entropies', () => {
    const categorical = new Categorical(logits());
    expect([categorical.batchShape, categorical.eventShape, categorical.classes]).toEqual([[4], [], 3]);
    for (const k of [0, 1, 2]) {
      const expected = TABLE.map(([, row]) => row[k]!);
      const actual = readTensor(categorical.logProb(tf.fill([4], k, 'int32')));
      expectClose(actual.slice(0, 3), expected.slice(0, 3));
      if (k === 2) expect(actual[3]).toBe(-Infinity);
      else expectClose(actual.slice(3), expected.slice(3));
    }
    expectClose(
      readTensor(categorical.entropy()),
      TABLE.map(([, , entropy]) => entropy),
    );
    expect([...categorical.mode().dataSync()]).toEqual([0, 2, 1, 1]);
    expectClose(
      readTensor(categorical.probs()),
      TABLE.flatMap(([, row]) => row.map(Math.exp)),
    );
  });

  test('samples with the stated frequencies, and never a class that is ruled out', () => {
    const draws = 20_000;
    const categorical = new Categorical(
      tf.tensor2d([
        [Math.log(0.5), Math.log(0.3), Math.log(0.2)],
        [1, -Infinity, 1],
      ]),
    );
    const sample = categorical.sample(Rng.fromSeed(1), [draws]);
    expect([sample.shape, sample.dtype]).toEqual([[draws, 2], 'int32']);
    const frequencies = readTensor(tf.mean(tf.cast(tf.oneHot(sample as tf.Tensor2D, 3), 'float32'), 0));
    expectClose(frequencies, [0.5, 0.3, 0.2, 0.5, 0, 0.5], (4 * 0.5) / Math.sqrt(draws));
    expect(frequencies[4]).toBe(0);
  });

  test('sampleAndLogProb scores its own draw, and equal streams give equal draws', () => {
    const categorical = new Categorical(logits());
    const { sample, logProb } = categorical.sampleAndLogProb(Rng.fromSeed(2), [5]);
    expect([sample.shape, logProb.shape]).toEqual([
      [5, 4],
      [5, 4],
    ]);
    const indices = [...sample.dataSync()];
    expectClose(
      readTensor(logProb),
      indices.map((k, i) => TABLE[i % 4]![1][k]!),
    );
    expect([...categorical.sample(Rng.fromSeed(2), [5]).dataSync()]).toEqual(indices);
  });

  test('a number that is not a class is impossible', () => {
    const categorical = new Categorical(tf.tensor1d([0, 0]));
    expect([...readTensor(categorical.logProb(tf.tensor1d([-1, 2, 7], 'int32')))]).toEqual([
      -Infinity,
      -Infinity,
      -Infinity,
    ]);
  });

  test('gradients: onehot - p for a log-probability, -p (log p + H) for the entropy, 0 where ruled out', () => {
    const row = [0.5, -1, -Infinity, 2];
    const exponentials = row.map(Math.exp);
    const total = exponentials.reduce((sum, value) => sum + value, 0);
    const p = exponentials.map((value) => value / total);
    const entropy = -p.reduce((sum, value) => (value > 0 ? sum + value * Math.log(value) : sum), 0);
    const ofLogProb = tf.grad((l: tf.Tensor) => new Categorical(l).logProb(tf.scalar(1, 'int32')))(
      tf.tensor1d(row),
    );
    expectClose(
      readTensor(ofLogProb),
      p.map((value, k) => (k === 1 ? 1 : 0) - value),
    );
    const ofEntropy = tf.grad((l: tf.Tensor) => new Categorical(l).entropy())(tf.tensor1d(row));
    expectClose(
      readTensor(ofEntropy),
      p.map((value) => (value > 0 ? -value * (Math.log(value) + entropy) : 0)),
    );
  });

  test('the draw is a constant, so that the log-probability of it has the score as gradient', () => {
    const row = tf.tensor1d([0.5, -1, 2]);
    const [drawn] = new Categorical(row).sample(Rng.fromSeed(3)).dataSync();
    const score = tf.grad((l: tf.Tensor) => new Categorical(l).sampleAndLogProb(Rng.fromSeed(3)).logProb)(
      row,
    );
    const probs = readTensor(new Categorical(row).probs());
    expectClose(
      readTensor(score),
      [...probs].map((p, k) => (k === drawn ? 1 : 0) - p),
    );
  });

  test('methods leave no tensors behind', () => {
    const categorical = new Categorical(tf.zeros([3, 4]));
    const before = tf.memory().numTensors;
    categorical.entropy().dispose();
    categorical.mode().dispose();
    const { sample, logProb } = categorical.sampleAndLogProb(Rng.fromSeed(1));
    tf.dispose([sample, logProb]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('properties', () => {
  beforeAll(() => selectBackend({ prefer: 'cpu' }));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  const rows = fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 1, maxLength: 7 });

  test('probabilities sum to 1 and a common shift of the logits changes nothing', () => {
    fc.assert(
      fc.property(rows, fc.double({ min: -50, max: 50, noNaN: true }), (row, shift) => {
        const classes = tf.range(0, row.length, 1, 'int32');
        const logProb = readTensor(new Categorical(tf.tensor1d(row)).logProb(classes));
        expectClose([logProb.reduce((sum, value) => sum + Math.exp(value), 0)], [1], 1e-5);
        const shifted = new Categorical(tf.tensor1d(row.map((logit) => logit + shift))).logProb(classes);
        expectClose(readTensor(shifted), [...logProb], 2e-5);
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  test('the entropy lies between 0 and log K', () => {
    fc.assert(
      fc.property(rows, (row) => {
        const [entropy] = readTensor(new Categorical(tf.tensor1d(row)).entropy());
        expect(entropy).toBeGreaterThanOrEqual(-1e-6);
        expect(entropy).toBeLessThanOrEqual(Math.log(row.length) + 1e-6);
      }),
      { numRuns: 50, seed: 2 },
    );
  });
});

test('refuses a scalar, and values of another batch', async () => {
  await selectBackend({ prefer: 'cpu' });
  expect(() => new Categorical(tf.scalar(1))).toThrow('logits: expected shape [..., classes], got a scalar');
  expect(() => new Categorical(tf.zeros([3, 2])).logProb(tf.zeros([2], 'int32'))).toThrow(
    'value: expected a shape that broadcasts with [3], got [2]',
  );
});

test('a number that is not a class has probability 0, a fraction too', async () => {
  await selectBackend({ prefer: 'cpu' });
  const values = tf.tensor1d([1, 1.7, 0.2, -1, 2, 255, Number.NaN]);
  const logProb = readTensor(new Categorical(tf.zeros([1, 2])).logProb(values));
  expect([...logProb]).toEqual([-Math.fround(Math.LN2), ...new Array(6).fill(-Infinity)]);
});
