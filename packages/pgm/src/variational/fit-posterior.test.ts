import { readTensor, selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { Rng } from '@maxent/core';
import { DiagonalNormal } from '@maxent/distributions';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { amortizationGap, fitPosterior, type PosteriorProblem } from './index.js';
import { EXAMPLE, exactElbo, type LinearGaussian, standardNormal } from './test-support/linear-gaussian.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const DATA = [EXAMPLE.x, [-0.2, 2, 1]];

function problem(numParticles: number): PosteriorProblem {
  const { weights, noise } = EXAMPLE;
  const observed = tf.tensor2d(DATA.map((x) => [...x]));
  const table = tf.tensor2d([...weights], [3, 2]);
  return {
    prior: standardNormal(EXAMPLE),
    logLikelihood: (latent) => {
      const predicted = tf.sum(tf.mul(table, tf.expandDims(latent, -2)), -1);
      return new DiagonalNormal({ mean: predicted, std: tf.scalar(noise) }).logProb(observed);
    },
    numParticles,
    rng: Rng.fromSeed(1),
  };
}

/** The diagonal normal nearest to the true posterior: its mean, and deviations from the precision's diagonal. */
function optimum(x: readonly number[]): LinearGaussian {
  const { weights: w, noise } = EXAMPLE;
  const product = (f: (i: number) => number): number => (f(0) + f(1) + f(2)) / noise ** 2;
  const a = 1 + product((i) => w[2 * i]! ** 2);
  const b = product((i) => w[2 * i]! * w[2 * i + 1]!);
  const d = 1 + product((i) => w[2 * i + 1]! ** 2);
  const [p, q] = [product((i) => w[2 * i]! * x[i]!), product((i) => w[2 * i + 1]! * x[i]!)];
  const determinant = a * d - b * b;
  return {
    ...EXAMPLE,
    x,
    mean: [(d * p - b * q) / determinant, (a * q - b * p) / determinant],
    logStd: [-0.5 * Math.log(a), -0.5 * Math.log(d)],
  };
}

const startOf = (): DiagonalNormal =>
  new DiagonalNormal({
    mean: tf.tensor2d(DATA.map(() => [...EXAMPLE.mean])),
    logStd: tf.tensor1d([...EXAMPLE.logStd]),
  });

test('finds the best diagonal posterior of each datum, and the gap to a worse one is the loss in ELBO', () => {
  const initial = startOf();
  const fitted = fitPosterior({ ...problem(16), initial, steps: 400, learningRate: 0.02 });
  const [means, logStds] = [readTensor(fitted.mean()), readTensor(fitted.logStd())];
  for (const [datum, x] of DATA.entries()) {
    const best = optimum(x);
    for (const i of [0, 1]) {
      expect(Math.abs(means[2 * datum + i]! - best.mean[i]!)).toBeLessThan(0.02);
      expect(Math.abs(logStds[2 * datum + i]! - best.logStd[i]!)).toBeLessThan(0.02);
    }
  }
  const gaps = readTensor(amortizationGap({ ...problem(100_000), amortized: initial, optimized: fitted }));
  for (const [datum, x] of DATA.entries()) {
    const exact = exactElbo(optimum(x)).elbo - exactElbo({ ...EXAMPLE, x }).elbo;
    expect(exact).toBeGreaterThan(0.05);
    expect(Math.abs(gaps[datum]! - exact), `${gaps[datum]} for ${exact}`).toBeLessThan(0.05);
  }
});

test('the gap of a posterior to itself is exactly zero, because both see the same noise', () => {
  const amortized = startOf();
  expect([...readTensor(amortizationGap({ ...problem(2), amortized, optimized: startOf() }))]).toEqual([
    0, 0,
  ]);
});

test('leaves nothing behind but the posterior, whose tensors are new', () => {
  const initial = startOf();
  const options = { ...problem(2), initial, steps: 2, learningRate: 0.1 };
  const before = tf.memory().numTensors;
  const fitted = fitPosterior(options);
  expect(tf.memory().numTensors).toBe(before + 2);
  expect(readTensor(initial.mean())).toEqual(readTensor(startOf().mean()));
  expect(fitted.batchShape).toEqual([2]);
});

test('refuses no steps', () => {
  expect(() => fitPosterior({ ...problem(2), initial: startOf(), steps: 0, learningRate: 0.1 })).toThrow(
    'steps: expected a positive integer, got 0',
  );
});

test('says before the first step that the data give no finite bound, and at the end that the steps led nowhere', () => {
  const options = { ...problem(2), initial: startOf(), steps: 2 };
  const before = tf.memory().numTensors;
  const nowhere = (latent: tf.Tensor): tf.Tensor => tf.mul(options.logLikelihood(latent), Infinity);
  expect(() => fitPosterior({ ...options, learningRate: 0.1, logLikelihood: nowhere })).toThrow(
    /^logLikelihood: expected data that give a finite bound, got -Infinity/,
  );
  expect(() => fitPosterior({ ...options, learningRate: 1e30, steps: 30 })).toThrow(
    /^fitPosterior: the posterior is no longer finite after 30 steps; lower the learning rate, 1e\+30/,
  );
  expect(tf.memory().numTensors).toBe(before);
});
