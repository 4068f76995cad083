import { readTensor, selectBackend, useFusedKernels } from '@maxent/backend';
import { testVariants } from '@maxent/backend/testing';
import { Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DiagonalNormal, NoClosedFormError, TanhNormal } from './index.js';

function expectClose(actual: ArrayLike<number>, expected: readonly number[], relative = 2e-6): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(actual[i]! - value), `[${i}]: ${actual[i]} for ${value}`).toBeLessThanOrEqual(
      relative * Math.max(1, Math.abs(value)),
    );
  }
}

/** Every number its own 1-D distribution: shapes [n, 1]. */
function elementwise(means: number[], stds: number[]): TanhNormal {
  return new TanhNormal(
    new DiagonalNormal({
      mean: tf.tensor2d(means, [means.length, 1]),
      std: tf.tensor2d(stds, [stds.length, 1]),
    }),
  );
}

const standard = (count: number): TanhNormal =>
  elementwise(new Array(count).fill(0.5), new Array(count).fill(1.5));

/** Raw value u and log-density of tanh(u) for mean 0.5 and deviation 1.5, mpmath 1.3.0 with 50 digits. */
const RAW_TABLE = [
  [0, -1.37995919687],
  [0.001, -1.37973619687],
  [0.5, -1.0841746274],
  [1, -0.512397535902],
  [2, 0.825601853403],
  [4, 2.56775058809],
  [6, 2.56709206373],
  [8, 0.789302222638],
  [9, -0.766253527528],
  [10, -2.76625355387],
  [11, -5.21069800187],
  [12, -8.09958689125],
  [-12, -13.4329202246],
  [-6, -0.0995746029347],
  [-0.5, -1.30639684962],
] as const;

/** Squashed value and its log-density, same distribution and source. */
const ACTION_TABLE = [
  [0, -1.37995919687],
  [0.5, -1.03726181239],
  [-0.9, -0.528039037845],
  [0.99, 1.56860599938],
] as const;

/** Mean, deviation, differential entropy of the 1-D distribution: mpmath quadrature of the entropy's integral. */
const ENTROPY_TABLE = [
  [0.5, 1.5, 0.308502665538],
  [0, 0.5, 0.49996734707],
  [-2, 1, -1.36665849629],
] as const;

describe.each(testVariants)('on %s, fused kernels: %s', (prefer, fused) => {
  beforeAll(async () => {
    await selectBackend({ prefer });
    useFusedKernels(fused);
  });
  afterAll(() => useFusedKernels(true));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test('logProbOfRaw is exact in float32 from |u| = 0 to 12', () => {
    const raw = RAW_TABLE.map(([u]) => u);
    const actual = standard(raw.length).logProbOfRaw(tf.tensor2d(raw, [raw.length, 1]));
    expectClose(
      readTensor(actual),
      RAW_TABLE.map(([, expected]) => expected),
    );
  });

  test('logProbOfRaw is finite and linear in |u| far out', () => {
    const wide = elementwise([0, 0], [100, 100]);
    // log N(50; 0, 100) + 2 (50 - log 2); the softplus is below 1e-43.
    const expected = -0.125 - Math.log(100) - 0.5 * Math.log(2 * Math.PI) + 2 * (50 - Math.LN2);
    expectClose(readTensor(wide.logProbOfRaw(tf.tensor2d([50, -50], [2, 1]))), [expected, expected]);
  });

  test('logProb inverts the squashing', () => {
    const actions = ACTION_TABLE.map(([action]) => action);
    const actual = standard(actions.length).logProb(tf.tensor2d(actions, [actions.length, 1]));
    expectClose(
      readTensor(actual),
      ACTION_TABLE.map(([, expected]) => expected),
      1e-5,
    );
  });

  test('logProb at the ends equals that of the last float32 inside, and is -Infinity beyond', () => {
    const last = 1 - 2 ** -24;
    const values = readTensor(standard(4).logProb(tf.tensor2d([last, 1, 2, -1], [4, 1])));
    expect(values[1]).toBe(values[0]);
    expect(values[2]).toBe(-Infinity);
    // atanh(1 - 2^-24) = log(2^25 - 1) / 2 = 8.66; next to the end one float32 step of the action is 0.35 in u.
    const u = 0.5 * Math.log(2 ** 25 - 1);
    const at = (u: number) =>
      -0.5 * ((u - 0.5) / 1.5) ** 2 -
      Math.log(1.5) -
      0.5 * Math.log(2 * Math.PI) -
      2 * (Math.LN2 - Math.abs(u) - Math.log1p(Math.exp(-2 * Math.abs(u))));
    expectClose([values[0]!, values[1]!, values[3]!], [at(u), at(u), at(-u)], 1e-3);
  });

  test('the density integrates to 1, and to the normal’s probability over a part', () => {
    const cells = 20_000;
    const centers = Array.from({ length: cells }, (_, i) => -1 + (2 * i + 1) / cells);
    const density = new TanhNormal(
      new DiagonalNormal({ mean: tf.tensor1d([0.3]), std: tf.tensor1d([0.8]) }),
    ).logProb(tf.tensor2d(centers, [cells, 1]));
    const values = readTensor(tf.exp(density));
    const integral = (from: number, to: number): number =>
      centers.reduce((sum, a, i) => (a > from && a < to ? sum + (values[i]! * 2) / cells : sum), 0);
    expect(integral(-1, 1)).toBeCloseTo(1, 4);
    // P(-0.5 < a < 0.5) = Phi((atanh 0.5 - 0.3) / 0.8) - Phi((-atanh 0.5 - 0.3) / 0.8), by mpmath ncdf.
    expect(integral(-0.5, 0.5)).toBeCloseTo(0.4781389168, 4);
  });

  test('a draw keeps its raw value, and both roads to it agree', () => {
    const head = tf.tensor2d([
      [0.5, -1, 0.2, -0.7],
      [3, 12, 5, -30],
    ]);
    const bounds = { minimumLogStd: -5, maximumLogStd: 1.5 };
    const fromHead = new TanhNormal({ head, ...bounds });
    const fromBase = new TanhNormal(fromHead.base());
    expectClose(readTensor(fromHead.base().logStd()), [0.2, -0.7, 1.5, -5]);
    expect([fromHead.batchShape, fromHead.eventShape]).toEqual([[2], [2]]);
    const one = fromHead.sampleAndLogProb(Rng.fromSeed(3));
    const two = fromBase.sampleAndLogProb(Rng.fromSeed(3));
    for (const key of ['sample', 'raw', 'logProb'] as const) {
      expectClose(readTensor(one[key]), [...readTensor(two[key])]);
    }
    expectClose(readTensor(one.sample), [...readTensor(one.raw)].map(Math.tanh));
    expectClose(readTensor(fromHead.sample(Rng.fromSeed(3))), [...readTensor(one.sample)]);
    expectClose(readTensor(one.logProb), [...readTensor(fromBase.logProbOfRaw(one.raw))], 2e-4);
  });

  test('both roads have the same gradients', () => {
    const loss = (distribution: TanhNormal): tf.Scalar => {
      const { sample, logProb } = distribution.sampleAndLogProb(Rng.fromSeed(4));
      return tf.add(tf.sum(tf.mul(sample, [2, -1])), tf.sum(logProb));
    };
    const head = tf.tensor2d([
      [0.5, -1, 0.2, -0.7],
      [3, 0.1, 5, -30],
    ]);
    const fusedGradient = tf.grad((h: tf.Tensor) => loss(new TanhNormal({ head: h as tf.Tensor2D })))(head);
    const composedGradient = tf.grad((h: tf.Tensor) =>
      loss(new TanhNormal(new TanhNormal({ head: h as tf.Tensor2D }).base())),
    )(head);
    expectClose(readTensor(fusedGradient), [...readTensor(composedGradient)], 1e-5);
  });

  test('gradients of a draw and its log-density, against central differences in float64', () => {
    const [mean, logStd] = [0.4, -0.3];
    const noise = Rng.fromSeed(6).normal();
    const value = (m: number, l: number): number => {
      const u = m + Math.exp(l) * noise;
      return 3 * Math.tanh(u) - 0.5 * noise * noise - l - Math.log(1 - Math.tanh(u) ** 2);
    };
    const gradient = tf.grad((head: tf.Tensor) => {
      const { sample, logProb } = new TanhNormal({ head: head as tf.Tensor2D }).sampleAndLogProb(
        Rng.fromSeed(6),
      );
      return tf.add(tf.mul(3, tf.sum(sample)), tf.sum(logProb));
    })(tf.tensor2d([[mean, logStd]]));
    const h = 1e-5;
    expectClose(
      readTensor(gradient),
      [
        (value(mean + h, logStd) - value(mean - h, logStd)) / (2 * h),
        (value(mean, logStd + h) - value(mean, logStd - h)) / (2 * h),
      ],
      1e-5,
    );
  });

  test('the gradient of logProbOfRaw is finite everywhere and right', () => {
    const raw = [0, 1, -3, 20, -20];
    const gradient = tf.grad((u: tf.Tensor) => tf.sum(standard(raw.length).logProbOfRaw(u)))(
      tf.tensor2d(raw, [raw.length, 1]),
    );
    expectClose(
      readTensor(gradient),
      raw.map((u) => -(u - 0.5) / 1.5 ** 2 + 2 * Math.tanh(u)),
    );
  });

  test('estimateEntropy finds the entropies that quadrature gives', () => {
    const draws = 20_000;
    const distribution = elementwise(
      ENTROPY_TABLE.map(([mean]) => mean),
      ENTROPY_TABLE.map(([, std]) => std),
    );
    const estimates = readTensor(distribution.estimateEntropy(Rng.fromSeed(8), draws));
    // The standard deviation of -log p is below 2 for all three.
    expectClose(
      estimates,
      ENTROPY_TABLE.map(([, , entropy]) => entropy),
      (2 * 4) / Math.sqrt(draws),
    );
  });

  test('mode is the squashed mean', () => {
    expectClose(readTensor(elementwise([0.3, -20], [1, 1]).mode()), [Math.tanh(0.3), -1]);
    const head = tf.tensor2d([
      [0.5, -1, 0.2, -0.7],
      [3, 12, 5, -30],
    ]);
    const mode = new TanhNormal({ head }).mode();
    expect(mode.shape).toEqual([2, 2]);
    expectClose(readTensor(mode), [0.5, -1, 3, 12].map(Math.tanh));
  });

  test('methods leave no tensors behind', () => {
    const distribution = new TanhNormal({ head: tf.zeros([3, 4]) });
    const before = tf.memory().numTensors;
    distribution.sample(Rng.fromSeed(1)).dispose();
    distribution.mode().dispose();
    distribution.estimateEntropy(Rng.fromSeed(1), 4).dispose();
    const { sample, raw, logProb } = distribution.sampleAndLogProb(Rng.fromSeed(1));
    distribution.logProbOfRaw(raw).dispose();
    tf.dispose([sample, raw, logProb]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('on any backend', () => {
  beforeAll(() => selectBackend({ prefer: 'cpu' }));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test('logProb of a draw that is not saturated agrees with logProbOfRaw', () => {
    const number = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true });
    fc.assert(
      fc.property(number(1), number(1), number(3), (mean, logStd, u) => {
        const distribution = new TanhNormal({ head: tf.tensor2d([[mean, logStd]]) });
        const [byRaw] = readTensor(distribution.logProbOfRaw(tf.tensor2d([[u]])));
        const [byValue] = readTensor(distribution.logProb(tf.tensor2d([[Math.tanh(u)]])));
        expectClose([byValue!], [byRaw!], 1e-3);
      }),
      { numRuns: 50, seed: 2 },
    );
  });

  test('the density is mirrored with the mean', () => {
    const number = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true });
    fc.assert(
      fc.property(number(3), number(10), (mean, u) => {
        const at = (m: number, u: number) =>
          readTensor(elementwise([m], [0.9]).logProbOfRaw(tf.tensor2d([[u]])))[0]!;
        expect(at(mean, u)).toBe(at(-mean, -u));
      }),
      { numRuns: 50, seed: 3 },
    );
  });

  test('entropy says that there is no closed form, and what to use', () => {
    const distribution = standard(1);
    expect(() => distribution.entropy()).toThrow(NoClosedFormError);
    expect(() => distribution.entropy()).toThrow('estimateEntropy(rng, samples)');
    expect(() => distribution.estimateEntropy(Rng.fromSeed(1), 0)).toThrow(
      'samples: expected positive integers, got [0]',
    );
  });

  test('refuses a head of odd width or another rank', () => {
    expect(() => new TanhNormal({ head: tf.zeros([2, 3]) })).toThrow(
      'head: expected shape [batch, 2 * size], got [2,3]',
    );
    expect(() => new TanhNormal({ head: tf.zeros([4]) as unknown as tf.Tensor2D })).toThrow('got [4]');
  });
});
