import { readScalar, readTensor, selectBackend } from '@maxent/backend';
import { Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  Categorical,
  DiagonalNormal,
  type Distribution,
  estimateKl,
  klDivergence,
  MultivariateNormal,
  monteCarloKl,
  NoClosedFormError,
  Normal,
  TanhNormal,
} from './index.js';

beforeAll(() => selectBackend({ prefer: 'cpu' }));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const normal = (mean: number, std: number): Normal =>
  new Normal({ mean: tf.scalar(mean), std: tf.scalar(std) });
const categorical = (probs: number[]): Categorical => new Categorical(tf.log(tf.tensor1d(probs)));

/** The cases of reference books: discrete, univariate, full covariance. */
const KNOWN: [string, () => [Distribution, Distribution], number][] = [
  ['Categorical', () => [categorical([0.5, 0.3, 0.2]), categorical([0.2, 0.3, 0.5])], 0.2748872196],
  ['Normal', () => [normal(0, 1), normal(1, 2)], 0.4431471806],
  [
    'MultivariateNormal',
    () => [
      new MultivariateNormal({
        mean: tf.tensor1d([1, -1]),
        // The Cholesky factor of [[1, 0.5], [0.5, 2]].
        scaleTril: tf.tensor2d([1, 0, 0.5, Math.sqrt(1.75)], [2, 2]),
      }),
      new MultivariateNormal({ mean: tf.zeros([2]), scaleTril: tf.diag(tf.tensor1d([Math.SQRT2, 1])) }),
    ],
    1.0667656963,
  ],
];

test.each(KNOWN)(
  '%s: the estimate is within its error of the exact value, which estimateKl gives',
  (_, make, exact) => {
    const [p, q] = make();
    expect(Math.abs(readScalar(klDivergence(p, q)) - exact)).toBeLessThan(2e-7);
    const best = estimateKl(p, q, { samples: 2, rng: Rng.fromSeed(1) });
    expect(readScalar(best.kl)).toBe(readScalar(klDivergence(p, q)));
    expect(readScalar(best.standardError)).toBe(0);
    const { kl, standardError } = monteCarloKl(p, q, { samples: 20_000, rng: Rng.fromSeed(1) });
    expect(Math.abs(readScalar(kl) - exact)).toBeLessThan(4 * readScalar(standardError));
    expect(readScalar(standardError)).toBeLessThan(0.02);
  },
);

test('the standard error is the spread of estimates, and shapes are the batch’s', () => {
  const p = new DiagonalNormal({
    mean: tf.tensor2d([
      [0, 1],
      [2, 0],
    ]),
    std: tf.tensor1d([1, 0.5]),
  });
  const q = new DiagonalNormal({ mean: tf.zeros([2]), std: tf.scalar(2) });
  const repeats = 400;
  const runs = Array.from({ length: repeats }, (_, seed) =>
    monteCarloKl(p, q, { samples: 50, rng: Rng.fromSeed(seed) }),
  );
  expect([runs[0]!.kl.shape, runs[0]!.standardError.shape]).toEqual([[2], [2]]);
  const { variance } = tf.moments(tf.stack(runs.map(({ kl }) => kl)), 0);
  const meanSquare = tf.mean(tf.square(tf.stack(runs.map(({ standardError }) => standardError))), 0);
  for (const ratio of readTensor(tf.div(variance, meanSquare))) {
    expect(Math.abs(ratio - 1)).toBeLessThan(6 * Math.sqrt(2 / repeats));
  }
});

test('estimateKl falls back to draws for a pair without a closed form', () => {
  const p = new TanhNormal(new DiagonalNormal({ mean: tf.tensor1d([0.3]), std: tf.tensor1d([0.5]) }));
  const q = new DiagonalNormal({ mean: tf.zeros([1]), std: tf.ones([1]) });
  expect(() => klDivergence(p, q)).toThrow(NoClosedFormError);
  const { kl, standardError } = estimateKl(p, q, { samples: 50_000, rng: Rng.fromSeed(1) });
  // E_p[log p - log q] by the trapezoidal rule over the raw value.
  let exact = 0;
  for (let u = -4; u <= 4.6; u += 1e-3) {
    const z = (u - 0.3) / 0.5;
    const density = Math.exp(-0.5 * z * z) / (0.5 * Math.sqrt(2 * Math.PI));
    const a = Math.tanh(u);
    const logRatio = Math.log(density / (1 - a * a)) + 0.5 * a * a + 0.5 * Math.log(2 * Math.PI);
    exact += density * logRatio * 1e-3;
  }
  expect(Math.abs(readScalar(kl) - exact)).toBeLessThan(4 * readScalar(standardError));
  expect(readScalar(standardError)).toBeLessThan(0.01);
});

test.each([
  [
    'through the draws of normals',
    (parameters: tf.Tensor): [Distribution, Distribution] => {
      const [mean, logStd, otherMean, otherLogStd] = tf.unstack(parameters) as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      return [new Normal({ mean, logStd }), new Normal({ mean: otherMean, logStd: otherLogStd })];
    },
  ],
  [
    'by the score of classes',
    (parameters: tf.Tensor): [Distribution, Distribution] => [
      new Categorical(tf.slice(parameters, 0, 2)),
      new Categorical(tf.slice(parameters, 2, 2)),
    ],
  ],
])('the gradient is unbiased: %s', (_, make) => {
  const parameters = tf.tensor1d([0.4, -0.3, -0.2, 0.5]);
  const exact = tf.grad((x: tf.Tensor) => klDivergence(...make(x)))(parameters);
  const repeats = 400;
  const gradients = Array.from({ length: repeats }, (_, seed) =>
    tf.grad((x: tf.Tensor) => monteCarloKl(...make(x), { samples: 50, rng: Rng.fromSeed(seed) }).kl)(
      parameters,
    ),
  );
  const { mean, variance } = tf.moments(tf.stack(gradients), 0);
  const scores = readTensor(tf.div(tf.sub(mean, exact), tf.sqrt(tf.div(variance, repeats))));
  for (const score of scores) expect(Math.abs(score)).toBeLessThan(6);
  expect(Math.max(...readTensor(tf.sqrt(tf.div(variance, repeats))))).toBeLessThan(0.02);
});

test('refuses a single draw, which has no error', () => {
  expect(() => monteCarloKl(normal(0, 1), normal(0, 1), { samples: 1, rng: Rng.fromSeed(1) })).toThrow(
    'samples: expected an integer of at least 2, got 1',
  );
});
