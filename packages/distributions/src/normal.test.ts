import { readTensor, selectBackend } from '@maxent/backend';
import { testBackends } from '@maxent/backend/testing';
import { Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DiagonalNormal, Normal } from './index.js';

function expectClose(actual: ArrayLike<number>, expected: readonly number[], relative = 2e-6): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(actual[i]! - value), `[${i}]: ${actual[i]} for ${value}`).toBeLessThanOrEqual(
      relative * Math.max(1, Math.abs(value)),
    );
  }
}

/** x, mean, std, log-density at x, entropy: the textbook formulas evaluated by mpmath 1.3.0 with 50 digits. */
const TABLE = [
  [0, 0, 1, -0.918938533205, 1.4189385332],
  [1.5, 0, 1, -2.0439385332, 1.4189385332],
  [-2, 0.5, 0.25, -49.5326441721, 0.0326441720848],
  [3, 3, 10, -3.2215236262, 3.7215236262],
  [100, 0, 1, -5000.91893853, 1.4189385332],
  [0.001, 0, 0.001, 5.48881674578, -5.48881674578],
] as const;

const column = (index: 0 | 1 | 2 | 3 | 4): number[] => TABLE.map((row) => row[index]);

describe.each(testBackends)('on %s', (prefer) => {
  beforeAll(() => selectBackend({ prefer }));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test('Normal gives the tabled log-densities and entropies, from either form of the deviation', () => {
    const mean = tf.tensor1d(column(1));
    const std = tf.tensor1d(column(2));
    for (const normal of [new Normal({ mean, std }), new Normal({ mean, logStd: tf.log(std) })]) {
      expectClose(readTensor(normal.logProb(tf.tensor1d(column(0)))), column(3));
      expectClose(readTensor(normal.entropy()), column(4));
      expectClose(readTensor(normal.mean()), column(1));
      expectClose(readTensor(normal.mode()), column(1));
      expectClose(readTensor(normal.std()), column(2));
    }
  });

  test('DiagonalNormal sums over the event', () => {
    const normal = new DiagonalNormal({
      mean: tf.tensor2d(column(1), [2, 3]),
      std: tf.tensor2d(column(2), [2, 3]),
    });
    const sums = (values: number[]) =>
      [values.slice(0, 3), values.slice(3)].map((row) => row.reduce((sum, value) => sum + value, 0));
    expect([normal.batchShape, normal.eventShape]).toEqual([[2], [3]]);
    expectClose(readTensor(normal.logProb(tf.tensor2d(column(0), [2, 3]))), sums(column(3)));
    expectClose(readTensor(normal.entropy()), sums(column(4)));
    expect(normal.mode().shape).toEqual([2, 3]);
  });

  test('a deviation shared by the batch is repeated in entropy and std', () => {
    const normal = new DiagonalNormal({ mean: tf.zeros([4, 2]), logStd: tf.tensor1d([0, Math.log(2)]) });
    expectClose(readTensor(normal.std()), [1, 2, 1, 2, 1, 2, 1, 2]);
    expectClose(readTensor(normal.entropy()), new Array(4).fill(2 * 1.4189385332 + Math.log(2)));
  });

  test('samples have the stated moments, and the log-density that logProb gives', () => {
    const normal = new Normal({ mean: tf.tensor1d([-1, 4]), std: tf.tensor1d([0.5, 3]) });
    const draws = 20_000;
    const { sample, logProb } = normal.sampleAndLogProb(Rng.fromSeed(1), [draws]);
    expect(sample.shape).toEqual([draws, 2]);
    const { mean, variance } = tf.moments(sample, 0);
    const error = 5 / Math.sqrt(draws);
    expectClose(readTensor(tf.div(tf.sub(mean, [-1, 4]), [0.5, 3])), [0, 0], error);
    expectClose(readTensor(tf.div(variance, [0.25, 9])), [1, 1], error * Math.SQRT2);
    expectClose(readTensor(logProb), [...readTensor(normal.logProb(sample))], 1e-4);
    // E[-log p] is the entropy.
    expectClose(readTensor(tf.neg(tf.mean(logProb, 0))), [...readTensor(normal.entropy())], error);
  });

  test('the draw is the stream’s normal numbers, moved and stretched', () => {
    const normal = new DiagonalNormal({ mean: tf.tensor2d([[1, 2]]), std: tf.tensor2d([[3, 4]]) });
    const rng = Rng.fromSeed(5);
    const [first, second] = [rng.normal(), rng.normal()];
    expectClose(readTensor(normal.sample(Rng.fromSeed(5))), [1 + 3 * first, 2 + 4 * second]);
    expectClose(
      readTensor(normal.sampleAndLogProb(Rng.fromSeed(5)).sample),
      [...readTensor(normal.sample(Rng.fromSeed(5)))],
      0,
    );
  });

  test('gradients of a log-density, against its derivatives', () => {
    const [x, m, s] = [1.5, 0.25, 0.8];
    const [dx, dm, ds] = tf.grads((x: tf.Tensor, mean: tf.Tensor, std: tf.Tensor) =>
      new Normal({ mean, std }).logProb(x),
    )([tf.scalar(x), tf.scalar(m), tf.scalar(s)]) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const z = (x - m) / s;
    expectClose(readTensor(dx), [-z / s]);
    expectClose(readTensor(dm), [z / s]);
    expectClose(readTensor(ds), [(z * z - 1) / s]);
  });

  test('a draw moves with its parameters, its log-density with the deviation alone', () => {
    const [dm, dl] = tf.grads((mean: tf.Tensor, logStd: tf.Tensor) => {
      const { sample, logProb } = new DiagonalNormal({ mean, logStd }).sampleAndLogProb(Rng.fromSeed(2));
      return tf.add(tf.sum(sample), tf.mul(10, logProb));
    })([tf.tensor1d([3, -3]), tf.tensor1d([0.5, -1])]) as [tf.Tensor, tf.Tensor];
    const rng = Rng.fromSeed(2);
    expectClose(readTensor(dm), [1, 1]);
    expectClose(readTensor(dl), [Math.exp(0.5) * rng.normal() - 10, Math.exp(-1) * rng.normal() - 10]);
  });
});

describe('properties', () => {
  beforeAll(() => selectBackend({ prefer: 'cpu' }));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test('logProb is the textbook formula, and shifting and scaling only add a constant', () => {
    const number = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(number, number, fc.double({ min: -2, max: 2, noNaN: true }), number, (x, m, l, shift) => {
        const at = (x: number, mean: number, logStd: number) =>
          readTensor(
            new Normal({ mean: tf.scalar(mean), logStd: tf.scalar(logStd) }).logProb(tf.scalar(x)),
          )[0]!;
        const z = (x - m) / Math.exp(l);
        const expected = -0.5 * z * z - l - 0.5 * Math.log(2 * Math.PI);
        expectClose([at(x, m, l)], [expected], 2e-5);
        expectClose([at(x + shift, m + shift, l)], [expected], 2e-4);
        expectClose([at(2 * x, 2 * m, l + Math.LN2)], [expected - Math.LN2], 2e-4);
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  test('shapes: sampleShape, then batch, then event', () => {
    const dimensions = fc.array(fc.constantFrom(1, 2, 3, 5), { maxLength: 2 });
    fc.assert(
      fc.property(dimensions, dimensions, fc.constantFrom(1, 2, 7), (sampleShape, batchShape, size) => {
        const normal = new DiagonalNormal({
          mean: tf.zeros([...batchShape, size]),
          logStd: tf.zeros([size]),
        });
        const { sample, logProb } = normal.sampleAndLogProb(Rng.fromSeed(1), sampleShape);
        expect(sample.shape).toEqual([...sampleShape, ...batchShape, size]);
        expect(logProb.shape).toEqual([...sampleShape, ...batchShape]);
        expect(normal.logProb(sample).shape).toEqual([...sampleShape, ...batchShape]);
        expect(normal.entropy().shape).toEqual(batchShape);
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  test('methods leave no tensors behind', () => {
    const normal = new DiagonalNormal({ mean: tf.zeros([3, 2]), logStd: tf.zeros([2]) });
    const before = tf.memory().numTensors;
    normal.sample(Rng.fromSeed(1)).dispose();
    normal.logProb(normal.mean()).dispose();
    normal.entropy().dispose();
    const { sample, logProb } = normal.sampleAndLogProb(Rng.fromSeed(1));
    tf.dispose([sample, logProb]);
    // normal.mean() above is the caller's, and still there.
    expect(tf.memory().numTensors).toBe(before + 1);
  });
});

describe('refuses', () => {
  beforeAll(() => selectBackend({ prefer: 'cpu' }));

  const normal = (): DiagonalNormal => new DiagonalNormal({ mean: tf.zeros([4, 2]), std: tf.ones([2]) });

  test.each([
    [
      () => new Normal({ mean: tf.zeros([2]), std: tf.ones([3]) }),
      'std: expected a shape that broadcasts to [2], got [3]',
    ],
    [
      () => new Normal({ mean: tf.zeros([2]), logStd: tf.ones([4, 2]) }),
      'logStd: expected a shape that broadcasts to [2], got [4,2]',
    ],
    [
      () => new DiagonalNormal({ mean: tf.scalar(0), std: tf.scalar(1) }),
      'mean: expected shape [..., size], got a scalar',
    ],
    [() => normal().logProb(tf.zeros([4, 1])), 'value: expected shape [..., 2], got [4,1]'],
    [
      () => normal().logProb(tf.zeros([3, 2])),
      'value: expected a shape that broadcasts with [4,2], got [3,2]',
    ],
    [() => normal().sample(Rng.fromSeed(1), [2, 0]), 'sampleShape: expected positive integers, got [2,0]'],
  ])('%s', (act, message) => {
    expect(act).toThrow(message);
  });
});
