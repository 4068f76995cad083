import { readTensor, selectBackend } from '@maxent/backend';
import { testBackends } from '@maxent/backend/testing';
import { Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ContinuousBernoulli, klDivergence, monteCarloKl } from './index.js';

/** Logit (a float32), log p(0), log p(1 / 4), log p(1), mean, entropy: mpmath 1.3.0 with 40 digits. */
const TABLE = [
  [0, 0, 0, 0, 0.5, 0],
  [
    9.999999974752427e-7, -5.00000040404e-7, -2.50000041035e-7, 4.99999957071e-7, 0.500000083333,
    -4.16666564563e-14,
  ],
  [
    0.009999999776482582, -0.00500416655125, -0.00250416660713, 0.00499583322523, 0.500833331926,
    -4.16665606376e-6,
  ],
  [-0.30000001192092896, 0.146252814152, 0.0712528111716, -0.153747197769, 0.475037418834, -0.00374158283862],
  [1.399999976158142, -0.78037279484, -0.430372800801, 0.619627181318, 0.613025101809, -0.0778623330772],
  [-1.600000023841858, 0.695520651357, 0.295520645396, -0.904479372485, 0.372029647222, -0.100273206932],
  [5, -3.38380133812, -2.13380133812, 1.61619866188, 0.806783654906, -0.650116936415],
  [-20, 2.99573227562, -2.00426772438, -17.0042677244, 0.0499999979388, -1.99573231684],
  [80, -75.6179733653, -55.6179733653, 4.38202663467, 0.9875, -3.38202663467],
] as const;

/** Logit, then as above with 1 - 2^-20 in place of 1 / 4, and without the mean. */
const STEEP = [
  [-100, 4.60517018599, -95.3947344466, -95.394829814, -3.60517018599],
  [1e4, -9990.78965963, 9.20080362881, 9.21034037198, -8.21034037198],
  [-1e7, 16.118095651, -9999974.34516, -9999983.8819, -15.118095651],
  [999999995904, -999999995876, -953646.681479, 27.6310211118, -26.6310211118],
  [1.0000000200408773e20, -1.00000002004e20, -95367433551800, 46.0517018799, -45.0517018799],
  [-1.0000000200408773e20, 46.0517018799, -9.99999066367e19, -1.00000002004e20, -45.0517018799],
] as const;

const column = (index: 0 | 1 | 2 | 3 | 4 | 5): number[] => TABLE.map((row) => row[index]);
const make = (): ContinuousBernoulli => new ContinuousBernoulli(tf.tensor1d(column(0)));

function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance = 1e-6): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(actual[i]! - value), `[${i}]: ${actual[i]} for ${value}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(value)),
    );
  }
}

describe.each(testBackends)('on %s', (prefer) => {
  beforeAll(() => selectBackend({ prefer }));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test('gives the tabled numbers', () => {
    expect([make().batchShape, make().eventShape, make().reparameterized]).toEqual([[9], [], true]);
    expectClose(readTensor(make().logProb(tf.zeros([9]))), column(1));
    expectClose(readTensor(make().logProb(tf.fill([9], 0.25))), column(2));
    expectClose(readTensor(make().logProb(tf.ones([9]))), column(3));
    expectClose(readTensor(make().mean()), column(4));
    expectClose(readTensor(make().entropy()), column(5));
    expect([...readTensor(make().mode())]).toEqual([0.5, 1, 1, 0, 1, 0, 1, 0, 1]);
  });

  test('keeps its digits at any steepness', () => {
    const logits = tf.tensor1d(STEEP.map((row) => row[0]));
    const steep = new ContinuousBernoulli(logits);
    const expected = (index: 1 | 2 | 3 | 4): number[] => STEEP.map((row) => row[index]);
    const values = [0, 1 - 2 ** -20, 1];
    for (const [i, value] of values.entries()) {
      const logProb = (l: tf.Tensor): tf.Tensor => new ContinuousBernoulli(l).logProb(tf.fill([6], value));
      expectClose(readTensor(logProb(logits)), expected((i + 1) as 1 | 2 | 3));
      // The distance from the mode, with the sign that leads there, and 1 / logit.
      const slopes = STEEP.map(([l]) => value - (l > 0 ? 1 : 0) + 1 / l);
      expectClose(readTensor(tf.grad(logProb)(logits)), slopes);
    }
    expectClose(readTensor(steep.entropy()), expected(4));
    const slopes = readTensor(tf.grad((l: tf.Tensor) => new ContinuousBernoulli(l).entropy())(logits));
    expectClose(
      slopes,
      STEEP.map(([l]) => -1 / l),
    );
    const q = new ContinuousBernoulli(tf.mul(logits, 2));
    // log(1 / 2) - 1 + 2, to the rounding of log-densities of 46.
    expectClose(readTensor(klDivergence(steep, q)), Array<number>(6).fill(1 - Math.LN2), 4e-6);
  });

  test('samples have the mean, and their scores the entropy; equal streams give equal draws', () => {
    const draws = 20_000;
    const { sample, logProb } = make().sampleAndLogProb(Rng.fromSeed(1), [draws]);
    expect([sample.shape, logProb.shape]).toEqual([
      [draws, 9],
      [draws, 9],
    ]);
    const values = readTensor(sample);
    expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
    expectClose(readTensor(tf.mean(sample, 0)), column(4), (4 * 0.29) / Math.sqrt(draws));
    expectClose(readTensor(tf.neg(tf.mean(logProb, 0))), column(5), 4 / Math.sqrt(draws));
    expectClose(readTensor(make().logProb(sample)), [...readTensor(logProb)], 1e-6);
    expect(readTensor(make().sample(Rng.fromSeed(1), [draws]))).toEqual(values);
  });

  test('gradients: value - mean for a log-density, and through draws that of the mean', () => {
    const logits = tf.tensor1d(column(0));
    for (const value of [0, 0.25, 1]) {
      const gradient = tf.grad((l: tf.Tensor) => new ContinuousBernoulli(l).logProb(tf.fill([9], value)))(
        logits,
      );
      expectClose(
        readTensor(gradient),
        column(4).map((mean) => value - mean),
      );
    }
    const draws = 20_000;
    const ofDraws = tf.grad((l: tf.Tensor) =>
      tf.mean(new ContinuousBernoulli(l).sample(Rng.fromSeed(2), [draws]), 0),
    )(logits);
    const ofMean = tf.grad((l: tf.Tensor) => new ContinuousBernoulli(l).mean())(logits);
    // The variance: 1 / 12 where the density is uniform, 1 / logit^2 where it is steep.
    expectClose([readTensor(ofMean)[0]!, readTensor(ofMean)[8]!], [1 / 12, 1 / 6400]);
    expectClose(readTensor(ofDraws), [...readTensor(ofMean)], 0.004);
  });

  test('divergences equal those of draws, and are 0 between equals', () => {
    const p = new ContinuousBernoulli(tf.tensor1d([0, 0.2, -3, 12, 40]));
    const q = new ContinuousBernoulli(tf.tensor1d([2, -0.1, -3, -5, 41]));
    const exact = readTensor(klDivergence(p, q));
    expect(exact[2]).toBe(0);
    const { kl, standardError } = monteCarloKl(p, q, { samples: 20_000, rng: Rng.fromSeed(3) });
    const errors = readTensor(standardError);
    for (const [i, value] of readTensor(kl).entries()) {
      expect(Math.abs(value - exact[i]!)).toBeLessThanOrEqual(4 * errors[i]! + 1e-6);
    }
  });

  test('methods leave no tensors behind', () => {
    const gray = make();
    const value = tf.fill([9], 0.5);
    const before = tf.memory().numTensors;
    tf.dispose([gray.entropy(), gray.mode(), gray.mean(), gray.logProb(value), klDivergence(gray, gray)]);
    const { sample, logProb } = gray.sampleAndLogProb(Rng.fromSeed(1));
    tf.dispose([sample, logProb]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

test.each([255, -0.01, Number.NaN])('refuses %j', async (entry) => {
  await selectBackend({ prefer: 'cpu' });
  expect(() => new ContinuousBernoulli(tf.zeros([2])).logProb(tf.tensor1d([0, entry]))).toThrow(
    /^value: expected numbers from 0 to 1, got .* at entry 1 of \[2\].*divide bytes by 255$/,
  );
});
