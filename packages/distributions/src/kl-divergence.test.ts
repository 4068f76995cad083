import { readTensor, selectBackend } from '@maxent/backend';
import { testBackends } from '@maxent/backend/testing';
import { Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  Bernoulli,
  Categorical,
  DiagonalNormal,
  type Distribution,
  Independent,
  klDivergence,
  MultivariateNormal,
  NoClosedFormError,
  Normal,
  registerKl,
  TanhNormal,
} from './index.js';

function expectClose(actual: ArrayLike<number>, expected: readonly number[], relative = 2e-6): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(actual[i]! - value), `[${i}]: ${actual[i]} for ${value}`).toBeLessThanOrEqual(
      relative * Math.max(1, Math.abs(value)),
    );
  }
}

/** Mean and deviation of p, of q, KL(p || q): mpmath 1.3.0 with 50 digits. */
const NORMALS = [
  [0, 1, 1, 2, 0.44314718056],
  [0, 1, 0, 1, 0],
  [-1, 0.5, 2, 3, 1.80564835812],
  [0.1, 1.01, 0.1, 1, 9.96691468319e-5],
  [5, 0.001, 5, 0.002, 0.31814718056],
  [0, 1, 10, 0.1, 5047.19741491],
] as const;

const column = (index: 0 | 1 | 2 | 3 | 4): number[] => NORMALS.map((row) => row[index]);

function pair(): [Normal, Normal] {
  return [
    new Normal({ mean: tf.tensor1d(column(0)), std: tf.tensor1d(column(1)) }),
    new Normal({ mean: tf.tensor1d(column(2)), std: tf.tensor1d(column(3)) }),
  ];
}

function vectors(mean: number[], std: number[]): DiagonalNormal {
  return new DiagonalNormal({ mean: tf.tensor1d(mean), std: tf.tensor1d(std) });
}

function vectors2d(): DiagonalNormal {
  return new DiagonalNormal({ mean: tf.zeros([2, 3]), std: tf.scalar(1) });
}

const fromProbs = (probs: number[]): Categorical => new Categorical(tf.log(tf.tensor1d(probs)));

describe.each(testBackends)('on %s', (prefer) => {
  beforeAll(() => selectBackend({ prefer }));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test('Normal: the tabled values, small ones to their own precision', () => {
    const actual = readTensor(klDivergence(...pair()));
    expectClose(actual, column(4));
    // 1.01 rounds to float32 with a relative error of 2e-8, which the square of log 1.01 magnifies to 4e-6.
    expect(Math.abs(actual[3]! / NORMALS[3][4] - 1)).toBeLessThan(5e-4);
  });

  test('DiagonalNormal: the sum over components', () => {
    const p = vectors([0, -1], [1, 0.5]);
    const q = vectors([1, 2], [2, 3]);
    const kl = klDivergence(p, q);
    expect(kl.shape).toEqual([]);
    expectClose(readTensor(kl), [0.44314718056 + 1.80564835812]);
  });

  test('TanhNormal: that of the raw values', () => {
    const p = new TanhNormal(vectors([0, -1], [1, 0.5]));
    const q = new TanhNormal({
      head: tf.tensor2d([[1, 2, Math.log(2), Math.log(3)]]),
      maximumLogStd: 5,
    });
    expectClose(readTensor(klDivergence(p, q)), [0.44314718056 + 1.80564835812]);
  });

  test('MultivariateNormal: the tabled values, with diagonal ones on either side', () => {
    const p = new MultivariateNormal({
      mean: tf.tensor1d([1, -2, 0.5]),
      scaleTril: tf.tensor2d([2, 0, 0, -1, 0.5, 0, 0.25, 1, 1.5], [3, 3]),
    });
    const q = new MultivariateNormal({
      mean: tf.tensor1d([0, 0, 1]),
      // What stands above the diagonal must not count.
      scaleTril: tf.tensor2d([1, 9, 9, 0.5, 2, 9, 0, -1, 0.75], [3, 3]),
    });
    const diagonal = vectors([0, 0, 1], [1, 2, 0.5]);
    expectClose(readTensor(klDivergence(p, q)), [8.92361111111]);
    expectClose(readTensor(klDivergence(p, diagonal)), [8.37578489189]);
    expectClose(readTensor(klDivergence(diagonal, p)), [17.3012984414]);
  });

  test('Bernoulli: the tabled values, nearly certain coins to their own precision', () => {
    const p = new Bernoulli(tf.tensor1d([0, 1, -2.5, 15, -30]));
    const q = new Bernoulli(tf.tensor1d([1, 0, 3, 16, -31]));
    const actual = readTensor(klDivergence(p, q));
    expectClose(actual, [0.120114506958, 0.110944071672, 2.55247762716, 1.12535121599e-7, 3.44247710847e-14]);
    expectClose([actual[3]! / 1.12535121599e-7, actual[4]! / 3.44247710847e-14], [1, 1], 1e-5);
  });

  test('Independent: the sum over the event, with DiagonalNormal on either side', () => {
    const [p, q] = pair();
    const total = column(4).reduce((sum, value) => sum + value, 0);
    const [first, second] = [new Independent(p), new Independent(q)];
    const diagonal = new DiagonalNormal({ mean: q.mean(), std: q.std() });
    for (const kl of [klDivergence(first, second), klDivergence(first, diagonal)]) {
      expect(kl.shape).toEqual([]);
      expectClose(readTensor(kl), [total]);
    }
    const same = new DiagonalNormal({ mean: p.mean(), std: p.std() });
    expectClose(readTensor(klDivergence(same, second)), [total]);
    const coins = new Independent(new Bernoulli(tf.zeros([4, 3])));
    expectClose(
      readTensor(klDivergence(coins, new Independent(new Bernoulli(tf.ones([3]))))),
      new Array(4).fill(3 * 0.120114506958),
    );
    expect(() => klDivergence(coins, vectors([0, 0, 0], [1, 1, 1]))).toThrow(NoClosedFormError);
  });

  test('Categorical: the tabled values', () => {
    expectClose(
      readTensor(klDivergence(fromProbs([0.5, 0.3, 0.2]), fromProbs([0.2, 0.3, 0.5]))),
      [0.274887219562],
    );
    const p = new Categorical(
      tf.tensor2d([
        [1, 2, 3],
        [30, 0, -30],
      ]),
    );
    const q = new Categorical(
      tf.tensor2d([
        [0, 0, 0],
        [0, 0, 1],
      ]),
    );
    expectClose(readTensor(klDivergence(p, q)), [0.266216706828, 1.55144471393]);
  });

  test('Categorical: classes ruled out by p count nothing, those ruled out by q alone make it infinite', () => {
    const p = new Categorical(tf.tensor1d([0, 0, -Infinity]));
    const q = new Categorical(tf.tensor1d([0, 1, -Infinity]));
    const r = new Categorical(tf.tensor1d([0, -Infinity, 0]));
    // log p - log q = log((1 + e) / 2) and that less 1.
    expectClose(readTensor(klDivergence(p, q)), [Math.log((1 + Math.E) / 2) - 0.5]);
    expect(readTensor(klDivergence(p, r))[0]).toBe(Infinity);
    const gradient = tf.grad((l: tf.Tensor) => klDivergence(new Categorical(l), q))(
      tf.tensor1d([0, 0, -Infinity]),
    );
    // d/dl_k = p_k (log p_k - log q_k - KL).
    expectClose(readTensor(gradient), [0.25, -0.25, 0]);
  });

  test('Monte Carlo agrees', () => {
    const draws = 20_000;
    const pairs: [Distribution, Distribution][] = [
      [vectors([0.5, -1], [1, 0.5]), vectors([0, 0], [1.5, 1])],
      [new TanhNormal(vectors([0.5, -1], [1, 0.5])), new TanhNormal(vectors([0, 0], [1.5, 1]))],
      [fromProbs([0.7, 0.2, 0.1]), fromProbs([0.3, 0.3, 0.4])],
    ];
    for (const [seed, [p, q]] of pairs.entries()) {
      const rng = Rng.fromSeed(seed);
      const { sample, logProb } = p.sampleAndLogProb(rng, [draws]);
      const raw = p instanceof TanhNormal ? p.sampleAndLogProb(Rng.fromSeed(seed), [draws]).raw : sample;
      const other = q instanceof TanhNormal ? q.logProbOfRaw(raw) : q.logProb(sample);
      const { mean, variance } = tf.moments(tf.sub(logProb, other));
      const standardError = Math.sqrt(readTensor(variance)[0]! / draws);
      const difference = readTensor(klDivergence(p, q))[0]! - readTensor(mean)[0]!;
      expect(Math.abs(difference)).toBeLessThan(4 * standardError);
      expect(standardError).toBeLessThan(0.02);
    }
  });

  test('gradients in both arguments', () => {
    const [m, s, n, t] = [0.3, 0.8, -0.5, 1.7];
    const gradients = tf.grads((m: tf.Tensor, s: tf.Tensor, n: tf.Tensor, t: tf.Tensor) =>
      klDivergence(new Normal({ mean: m, std: s }), new Normal({ mean: n, std: t })),
    )([m, s, n, t].map((value) => tf.scalar(value)));
    const squares = s * s + (m - n) ** 2;
    expectClose(
      gradients.map((gradient) => readTensor(gradient)[0]!),
      [(m - n) / t ** 2, -1 / s + s / t ** 2, -(m - n) / t ** 2, 1 / t - squares / t ** 3],
      1e-5,
    );
  });

  test('leaves no tensors behind', () => {
    const [p, q] = pair();
    const before = tf.memory().numTensors;
    klDivergence(p, q).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('properties', () => {
  beforeAll(() => selectBackend({ prefer: 'cpu' }));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test('never negative beyond rounding, and 0 for equal distributions', () => {
    const means = fc.double({ min: -3, max: 3, noNaN: true });
    const logStds = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(means, logStds, means, logStds, (m, l, n, k) => {
        const p = new Normal({ mean: tf.scalar(m), logStd: tf.scalar(l) });
        const q = new Normal({ mean: tf.scalar(n), logStd: tf.scalar(k) });
        expect(readTensor(klDivergence(p, q))[0]).toBeGreaterThanOrEqual(-1e-6);
        expect(readTensor(klDivergence(p, p))[0]).toBe(0);
      }),
      { numRuns: 50, seed: 1 },
    );
    const row = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(row, row, (a, b) => {
        const [p, q] = [new Categorical(tf.tensor1d(a)), new Categorical(tf.tensor1d(b))];
        expect(readTensor(klDivergence(p, q))[0]).toBeGreaterThanOrEqual(-1e-6);
        expect(readTensor(klDivergence(p, p))[0]).toBe(0);
      }),
      { numRuns: 50, seed: 2 },
    );
  });
});

describe('the registry', () => {
  beforeAll(() => selectBackend({ prefer: 'cpu' }));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  class HalfNormalLike extends Normal {}
  const make = <D>(Class: new (parameters: { mean: tf.Tensor; std: tf.Tensor }) => D): D =>
    new Class({ mean: tf.scalar(1), std: tf.scalar(2) });

  test('names an unknown pair and says what to do', () => {
    const p = new Categorical(tf.zeros([2]));
    const act = () => klDivergence(p, make(Normal));
    expect(act).toThrow(NoClosedFormError);
    expect(act).toThrow('no closed form is registered for (Categorical, Normal)');
    expect(act).toThrow('registerKl(Categorical, Normal, (p, q) => ...)');
  });

  test('serves subclasses until they register their own', () => {
    const p = make(HalfNormalLike);
    const q = new Normal({ mean: tf.scalar(0), std: tf.scalar(1) });
    expectClose(readTensor(klDivergence(p, q)), [0.5 * (4 + 1 - 1) - Math.log(2)]);
    registerKl(HalfNormalLike, Normal, (own, other) => tf.sub(own.mean(), other.mean()));
    expectClose(readTensor(klDivergence(p, q)), [1]);
    expectClose(readTensor(klDivergence(q, p)), [0.5 * (0.25 + 0.25 - 1) + Math.log(2)]);
  });

  test('refuses a pair that is there', () => {
    expect(() => registerKl(Normal, Normal, (p) => p.mean())).toThrow(
      'the pair (Normal, Normal) is already registered',
    );
  });

  test('refuses shapes that do not fit', () => {
    expect(() => klDivergence(vectors([0, 0], [1, 1]), vectors([0], [1]))).toThrow(
      "q: expected p's event shape, [2], got [1]",
    );
    const [p, q] = [new Categorical(tf.zeros([2, 3])), new Categorical(tf.zeros([2, 4]))];
    expect(() => klDivergence(p, q)).toThrow('q: expected 3 classes, as in p, got 4');
    const images = (count: number) => new Independent(new Bernoulli(tf.zeros([2, 3])), count);
    const vectorOfVectors = new Independent(vectors2d(), 1);
    expect(() => klDivergence(images(2), vectorOfVectors)).toThrow(
      'q: expected 2 reinterpreted batch dimensions, as in p, got 1',
    );
    expect(() => klDivergence(p, new Categorical(tf.zeros([5, 3])))).toThrow(
      'q: expected a shape that broadcasts with [2], got [5]',
    );
  });
});
