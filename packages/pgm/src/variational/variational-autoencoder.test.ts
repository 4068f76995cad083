import { readScalar, readTensor, selectBackend } from '@maxent/backend';
import { testBackends } from '@maxent/backend/testing';
import { Rng } from '@maxent/core';
import { ContinuousBernoulli, DiagonalNormal, Independent } from '@maxent/distributions';
import { Adam, lossAndGradients } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { importanceWeightedElbo, VariationalAutoencoder } from './index.js';

const NOISE = 0.5;

function gaussianData(count: number): tf.Tensor2D {
  const rng = Rng.fromSeed(11);
  const rows = Array.from({ length: count }, () => {
    const z = rng.normal();
    return [1 + 1.5 * z + NOISE * rng.normal(), -2 - 0.8 * z + NOISE * rng.normal()];
  });
  return tf.tensor2d(rows);
}

/** The highest mean log-likelihood of probabilistic PCA with one component and this noise (Tipping and Bishop 1999). */
function bestLogLikelihood(data: tf.Tensor2D): number {
  const { mean } = tf.moments(data, 0);
  const centered = tf.sub(data, mean) as tf.Tensor2D;
  const covariance = tf.div(tf.matMul(centered, centered, true), data.shape[0]);
  const [a, b, , d] = readTensor(covariance) as unknown as [number, number, number, number];
  const root = Math.sqrt((0.5 * (a - d)) ** 2 + b * b);
  const [major, minor] = [0.5 * (a + d) + root, 0.5 * (a + d) - root];
  return -0.5 * (2 * Math.log(2 * Math.PI) + Math.log(major) + 2 * Math.log(NOISE) + 1 + minor / NOISE ** 2);
}

function train(model: VariationalAutoencoder, data: tf.Tensor2D, steps: number): void {
  const adam = new Adam(model.parameters, { learningRate: 0.02 });
  const rng = Rng.fromSeed(2);
  for (let step = 0; step < steps; step++) {
    tf.tidy(() => {
      const loss = (): tf.Scalar => tf.neg(tf.mean(model.elbo(data, { numParticles: 1, rng })));
      adam.step(lossAndGradients(loss, model.parameters).gradients);
    });
  }
  adam.dispose();
}

const affine = (): VariationalAutoencoder =>
  new VariationalAutoencoder({
    inputSize: 2,
    hiddenSizes: [],
    latentSize: 1,
    likelihood: (output) => new DiagonalNormal({ mean: output, std: tf.scalar(NOISE) }),
    rng: Rng.fromSeed(1),
  });

describe.each(testBackends)('on %s', (prefer) => {
  beforeAll(() => selectBackend({ prefer }));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test('affine networks learn probabilistic PCA: the ELBO meets the highest log-likelihood', () => {
    const data = gaussianData(250);
    const model = affine();
    train(model, data, 600);
    const elbo = readScalar(tf.mean(model.elbo(data, { numParticles: 100, rng: Rng.fromSeed(3) })));
    const best = bestLogLikelihood(data);
    expect(elbo).toBeLessThan(best + 0.01);
    expect(elbo).toBeGreaterThan(best - 0.03);
    model.dispose();
  });

  test('the log-joint gives the importance-weighted bound of the same model, not below the ELBO', () => {
    const x = tf.tensor2d([
      [1, 0, 1],
      [0, 0, 1],
    ]);
    const model = new VariationalAutoencoder({
      inputSize: 3,
      hiddenSizes: [8, 5],
      latentSize: 2,
      rng: Rng.fromSeed(1),
    });
    expect([model.encoder.spec.sizes, model.decoder.spec.sizes]).toEqual([
      [3, 8, 5, 4],
      [2, 5, 8, 3],
    ]);
    const rng = Rng.fromSeed(4);
    const elbo = readTensor(model.elbo(x, { numParticles: 5000, rng }));
    const bound = readTensor(
      importanceWeightedElbo({
        posterior: model.posterior(x),
        logJoint: (latent) => model.logJoint(x, latent),
        numParticles: 20_000,
        rng,
      }),
    );
    // log p(x) itself: the mean of p(x | z) over the prior.
    const draws = model.prior().sample(Rng.fromSeed(5), [20_000, 1]);
    const evidence = readTensor(tf.log(tf.mean(tf.exp(model.logLikelihood(x, draws)), 0)));
    for (const i of [0, 1]) {
      expect(bound[i]).toBeGreaterThan(elbo[i]! - 1e-3);
      expect(Math.abs(bound[i]! - evidence[i]!)).toBeLessThan(0.01);
    }
  });
});

describe('shapes and ownership', () => {
  beforeAll(() => selectBackend({ prefer: 'cpu' }));

  test('decodes latent vectors of any leading shape', () => {
    tf.tidy(() => {
      const model = affine();
      expect(model.decode(tf.zeros([7, 4, 1])).batchShape).toEqual([7, 4]);
      expect(model.decode(tf.zeros([1])).batchShape).toEqual([]);
      model.dispose();
    });
  });

  test('leaves nothing behind but the bound, and nothing at all once disposed', () => {
    const before = tf.memory().numTensors;
    const model = affine();
    const data = tf.zeros<tf.Rank.R2>([3, 2]);
    const bound = tf.tidy(() => model.elbo(data, { numParticles: 2, rng: Rng.fromSeed(1) }));
    expect(bound.shape).toEqual([3]);
    tf.dispose([bound, data]);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each([
    ['bytes for coins', undefined, 200, /^value: expected only 0 and 1, got 200 .*divide bytes by 255/],
    ['gray levels for coins', undefined, 0.3, /^value: expected only 0 and 1, got 0.3.* ContinuousBernoulli/],
    ['bytes for gray levels', 'gray', 200, /^value: expected numbers from 0 to 1, got 200/],
    [
      'what overflows',
      'real',
      1e20,
      /^x: .*got -Infinity for datum 0 before any training, for data from 0 to 1/,
    ],
    [
      'what is missing',
      'real',
      Number.NaN,
      /^x: .*got NaN for datum 0 before any training, for data that contain NaN/,
    ],
  ] as const)('says before any training that %s do not fit', (_, kind, entry, message) => {
    const likelihoods = {
      gray: (output: tf.Tensor) => new Independent(new ContinuousBernoulli(output)),
      real: (mean: tf.Tensor) => new DiagonalNormal({ mean, std: tf.scalar(1) }),
    };
    const model = new VariationalAutoencoder({
      inputSize: 2,
      hiddenSizes: [],
      latentSize: 1,
      likelihood: kind && likelihoods[kind],
      rng: Rng.fromSeed(1),
    });
    const before = tf.memory().numTensors;
    const data = tf.tensor2d([
      [0, entry],
      [0, 0],
    ]);
    expect(() => model.elbo(data, { numParticles: 1, rng: Rng.fromSeed(1) })).toThrow(message);
    data.dispose();
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  test('learns gray levels with a density of their own', () => {
    const rng = Rng.fromSeed(1);
    const model = new VariationalAutoencoder({
      inputSize: 2,
      hiddenSizes: [],
      latentSize: 1,
      likelihood: (output) => new Independent(new ContinuousBernoulli(output)),
      rng,
    });
    const data = tf.fill([50, 2], 0.3) as tf.Tensor2D;
    train(model, data, 150);
    tf.tidy(() => {
      const decoded = model.decode(model.prior().sample(rng)) as Independent<ContinuousBernoulli>;
      for (const mean of readTensor(decoded.base.mean())) expect(mean).toBeCloseTo(0.3, 1);
    });
    tf.dispose(data);
    model.dispose();
  });

  test('refuses sizes that are none', () => {
    const options = { inputSize: 2, hiddenSizes: [], latentSize: 0, rng: Rng.fromSeed(1) };
    expect(() => new VariationalAutoencoder(options)).toThrow(
      'latentSize: expected a positive integer, got 0',
    );
  });
});
