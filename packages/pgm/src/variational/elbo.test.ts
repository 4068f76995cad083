import { selectBackend } from '@maxent/backend';
import { testBackends } from '@maxent/backend/testing';
import { Rng } from '@maxent/core';
import { Categorical, DiagonalNormal, NoClosedFormError, TanhNormal } from '@maxent/distributions';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  analyticKlElbo,
  doublyReparameterizedElbo,
  type ElboOptions,
  importanceWeightedElbo,
  reparameterizedElbo,
  scoreFunctionElbo,
  stickingTheLandingElbo,
} from './index.js';
import {
  columnStatistics,
  EXAMPLE,
  estimates,
  exactElbo,
  type LinearGaussian,
  logEvidence,
  meanAndError,
  standardNormal,
} from './test-support/linear-gaussian.js';

type Options = ElboOptions & { logLikelihood: (latent: tf.Tensor) => tf.Tensor };

const withAnalyticKl = (options: Options): tf.Tensor =>
  analyticKlElbo({ ...options, prior: standardNormal(EXAMPLE) });

/** All that estimate the evidence lower bound itself. */
const ELBOS = {
  analyticKlElbo: withAnalyticKl,
  reparameterizedElbo,
  stickingTheLandingElbo,
  scoreFunctionElbo,
  'scoreFunctionElbo with a baseline': (options: ElboOptions) =>
    scoreFunctionElbo({ ...options, baseline: tf.scalar(-5) }),
};

/** Parameters: two means, two log-deviations, then six weights of the model. */
const POSTERIOR = 4;

function expectMean(actual: { mean: number; error: number }, expected: number, label: string): void {
  expect(
    Math.abs(actual.mean - expected),
    `${label}: ${actual.mean} +- ${actual.error} for ${expected}`,
  ).toBeLessThan(6 * actual.error + 1e-5);
}

describe.each(testBackends)('on %s', (prefer) => {
  beforeAll(() => selectBackend({ prefer }));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test.each(Object.entries(ELBOS))('%s: value and gradient are unbiased', (_, estimator) => {
    const exact = exactElbo(EXAMPLE);
    const { values, gradients } = estimates(EXAMPLE, estimator, { replicates: 6000, numParticles: 2 });
    const value = meanAndError(values);
    expectMean(value, exact.elbo, 'value');
    expect(value.error).toBeLessThan(0.02);
    for (const [i, statistics] of columnStatistics(gradients).entries()) {
      expectMean(statistics, exact.gradient[i]!, `gradient[${i}]`);
      expect(statistics.error).toBeLessThan(0.1);
    }
  });

  test('the importance-weighted bound rises with K, from the ELBO to the log-evidence', () => {
    const bounds = [1, 2, 4, 16, 64].map((numParticles) =>
      meanAndError(estimates(EXAMPLE, importanceWeightedElbo, { replicates: 1000, numParticles }).values),
    );
    expectMean(bounds[0]!, exactElbo(EXAMPLE).elbo, 'K = 1');
    for (let i = 1; i < bounds.length; i++) {
      expect(bounds[i]!.mean - bounds[i - 1]!.mean).toBeGreaterThan(
        2 * (bounds[i]!.error + bounds[i - 1]!.error),
      );
    }
    const last = bounds.at(-1)!;
    expect(last.mean).toBeLessThan(logEvidence(EXAMPLE) + 6 * last.error);
    expect(last.mean).toBeGreaterThan(logEvidence(EXAMPLE) - 0.02);
  });

  test('the doubly reparameterized gradient has the importance-weighted one’s mean and less noise', () => {
    const options = { replicates: 800, numParticles: 32 };
    const single = estimates(EXAMPLE, importanceWeightedElbo, options);
    const double = estimates(EXAMPLE, doublyReparameterizedElbo, options);
    expect(Math.max(...double.values.map((value, i) => Math.abs(value - single.values[i]!)))).toBeLessThan(
      1e-5,
    );
    const statistics = columnStatistics(double.gradients);
    // The same draws serve both, so that the differences tell more than the two means.
    const differences = columnStatistics(
      double.gradients.map((row, r) => row.map((value, i) => value - single.gradients[r]![i]!)),
    );
    for (const [i, reference] of columnStatistics(single.gradients).entries()) {
      expectMean(differences[i]!, 0, `difference[${i}]`);
      if (i < POSTERIOR) expect(statistics[i]!.variance).toBeLessThan(0.5 * reference.variance);
      else expect(statistics[i]!.mean).toBeCloseTo(reference.mean, 5);
    }
  });
});

describe('on cpu', () => {
  beforeAll(() => selectBackend({ prefer: 'cpu' }));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test.each([
    ['analyticKlElbo', withAnalyticKl],
    ['reparameterizedElbo', reparameterizedElbo],
    ['importanceWeightedElbo', importanceWeightedElbo],
  ] as const)('%s: the gradient is the finite difference of the estimate', (_, estimator) => {
    const settings = { replicates: 1, numParticles: 3 };
    const { gradients } = estimates(EXAMPLE, estimator, settings);
    for (const [start, key] of (['mean', 'logStd', 'weights'] as const).entries()) {
      for (const i of EXAMPLE[key].keys()) {
        const at = (step: number): number => {
          const moved = {
            ...EXAMPLE,
            [key]: EXAMPLE[key].map((value, j) => (i === j ? value + step : value)),
          };
          return estimates(moved, estimator, settings).values[0]!;
        };
        const difference = (at(0.01) - at(-0.01)) / 0.02;
        expect(Math.abs(gradients[0]![2 * start + i]! - difference), `${key}[${i}]`).toBeLessThan(2e-3);
      }
    }
  });

  test('two particles in one dimension: value and gradients agree with quadrature', () => {
    const model: LinearGaussian = { x: [1.5], weights: [1.2], noise: 0.7, mean: [0.3], logStd: [-0.1] };
    const exact = twoParticleBound(model);
    const keys = ['mean', 'logStd', 'weights'] as const;
    const exactGradient = keys.map((key) => {
      const at = (step: number): number => twoParticleBound({ ...model, [key]: [model[key][0]! + step] });
      return (at(1e-4) - at(-1e-4)) / 2e-4;
    });
    for (const estimator of [importanceWeightedElbo, doublyReparameterizedElbo]) {
      const { values, gradients } = estimates(model, estimator, { replicates: 8000, numParticles: 2 });
      expectMean(meanAndError(values), exact, 'value');
      for (const [i, statistics] of columnStatistics(gradients).entries()) {
        expectMean(statistics, exactGradient[i]!, keys[i]!);
        expect(statistics.error).toBeLessThan(0.03);
      }
    }
  });

  test('a posterior that is exact: no noise where the score of q is left out, and every bound tight', () => {
    // One latent dimension: N(w x / (w^2 + noise^2), noise^2 / (w^2 + noise^2)).
    const [x, w, noise] = [1.5, 1.2, 0.7];
    const total = w * w + noise * noise;
    const model: LinearGaussian = {
      x: [x],
      weights: [w],
      noise,
      mean: [(w * x) / total],
      logStd: [0.5 * Math.log((noise * noise) / total)],
    };
    const options = { replicates: 100, numParticles: 4 };
    for (const estimator of [stickingTheLandingElbo, doublyReparameterizedElbo]) {
      const { values, gradients } = estimates(model, estimator, options);
      for (const value of values) expect(value).toBeCloseTo(logEvidence(model), 5);
      for (const [mean, logStd] of gradients) {
        expect(Math.abs(mean!)).toBeLessThan(1e-5);
        expect(Math.abs(logStd!)).toBeLessThan(1e-5);
      }
    }
    const noisy = columnStatistics(estimates(model, reparameterizedElbo, options).gradients);
    expect(noisy[0]!.variance).toBeGreaterThan(0.01);
  });

  test('the leave-one-out baseline takes noise out of the score-function gradient', () => {
    const settings = { replicates: 2000, numParticles: 8 };
    const plain = estimates(
      EXAMPLE,
      (options) => scoreFunctionElbo({ ...options, baseline: tf.scalar(0) }),
      settings,
    );
    const controlled = columnStatistics(estimates(EXAMPLE, scoreFunctionElbo, settings).gradients);
    const reference = columnStatistics(plain.gradients);
    for (let i = 0; i < POSTERIOR; i++) {
      expect(controlled[i]!.variance).toBeLessThan(0.3 * reference[i]!.variance);
    }
  });

  test('a discrete posterior: the score-function gradient is that of the sum over classes', () => {
    const [logPrior, means, x] = [[0.5, 0.3, 0.2].map(Math.log), [-1, 0.5, 2], 0.8];
    const logJoints = means.map((mean, k) => logPrior[k]! - 0.5 * (x - mean) ** 2);
    const joint = (latent: tf.Tensor, meansOf: tf.Tensor): tf.Tensor => {
      const classes = tf.cast(tf.oneHot(tf.cast(latent, 'int32') as tf.Tensor2D, 3), 'float32');
      const perClass = tf.sub(tf.tensor1d(logPrior), tf.mul(tf.square(tf.sub(x, meansOf)), 0.5));
      return tf.sum(tf.mul(classes, perClass), -1);
    };
    const logits = [0.2, -0.4, 0.6];
    const exponentials = logits.map(Math.exp);
    const q = exponentials.map((value) => value / exponentials.reduce((a, b) => a + b, 0));
    const f = logJoints.map((value, k) => value - Math.log(q[k]!));
    const elbo = f.reduce((total, value, k) => total + q[k]! * value, 0);
    const replicates = 6000;
    const repeated = tf.tile(tf.tensor2d([logits]), [replicates, 1]);
    const repeatedMeans = tf.tile(tf.tensor2d([means]), [replicates, 1]);
    const bound = (logits: tf.Tensor, means: tf.Tensor): tf.Tensor =>
      scoreFunctionElbo({
        posterior: new Categorical(logits),
        logJoint: (latent) => joint(latent, means),
        numParticles: 4,
        rng: Rng.fromSeed(3),
      });
    expectMean(meanAndError(bound(repeated, repeatedMeans).dataSync()), elbo, 'value');
    const [ofLogits, ofMeans] = tf.grads(bound)([repeated, repeatedMeans]) as [tf.Tensor2D, tf.Tensor2D];
    for (const [k, statistics] of columnStatistics(ofLogits.arraySync()).entries()) {
      expectMean(statistics, q[k]! * (f[k]! - elbo), `logits[${k}]`);
      expect(statistics.error).toBeLessThan(0.01);
    }
    for (const [k, statistics] of columnStatistics(ofMeans.arraySync()).entries()) {
      expectMean(statistics, q[k]! * (x - means[k]!), `means[${k}]`);
    }
  });

  test('a weight of zero among others is none, and a column of them is -Infinity', () => {
    const at = (logWeights: number[]): number =>
      tf.tidy(() => {
        const posterior = new DiagonalNormal({ mean: tf.zeros([1]), std: tf.ones([1]) });
        const logJoint = (latent: tf.Tensor): tf.Tensor =>
          tf.add(posterior.logProb(latent), tf.tensor1d(logWeights));
        const options = { posterior, logJoint, numParticles: logWeights.length, rng: Rng.fromSeed(1) };
        return importanceWeightedElbo(options).dataSync()[0]!;
      });
    expect(at([-Infinity, -1000])).toBeCloseTo(-1000 - Math.LN2, 3);
    expect(at([-Infinity, -Infinity])).toBe(-Infinity);
  });

  test('leaves no tensors behind but the bound', () => {
    const posterior = new DiagonalNormal({ mean: tf.zeros([5, 2]), std: tf.ones([2]) });
    const prior = new DiagonalNormal({ mean: tf.zeros([2]), std: tf.ones([2]) });
    const logJoint = (latent: tf.Tensor): tf.Tensor => prior.logProb(latent);
    const options = {
      posterior,
      logJoint,
      prior,
      logLikelihood: logJoint,
      numParticles: 3,
      rng: Rng.fromSeed(1),
    };
    const before = tf.memory().numTensors;
    for (const estimator of [
      ...Object.values(ELBOS).slice(0, 4),
      importanceWeightedElbo,
      doublyReparameterizedElbo,
    ]) {
      const bound = estimator(options);
      expect(bound.shape).toEqual([5]);
      bound.dispose();
    }
    // The fixture makes a prior of its own, of two tensors.
    expect(tf.memory().numTensors - before).toBe(2);
  });

  describe('refuses', () => {
    const normal = (): DiagonalNormal => new DiagonalNormal({ mean: tf.zeros([5, 2]), std: tf.ones([2]) });
    const base = { numParticles: 3, rng: Rng.fromSeed(1) };

    test('draws without a gradient, by the name of what to use', () => {
      const options = { ...base, posterior: new Categorical(tf.zeros([2])), logJoint: () => tf.zeros([3]) };
      for (const estimator of [
        reparameterizedElbo,
        stickingTheLandingElbo,
        importanceWeightedElbo,
        doublyReparameterizedElbo,
      ]) {
        expect(() => estimator(options)).toThrow(
          'posterior: expected a reparameterized distribution, got Categorical, whose draws have no gradient; use scoreFunctionElbo',
        );
      }
    });

    test('a model that forgot to sum over features', () => {
      const options = { ...base, posterior: normal(), logJoint: (latent: tf.Tensor) => tf.square(latent) };
      for (const estimator of [
        reparameterizedElbo,
        stickingTheLandingElbo,
        scoreFunctionElbo,
        importanceWeightedElbo,
        doublyReparameterizedElbo,
      ]) {
        expect(() => estimator(options)).toThrow('logJoint: expected values of shape [3,5]');
      }
      expect(() => analyticKlElbo({ ...options, prior: normal(), logLikelihood: options.logJoint })).toThrow(
        'logLikelihood: expected values of shape [3,5]',
      );
    });

    test('a divergence without a closed form, a single particle without a baseline, no particle', () => {
      const logJoint = (latent: tf.Tensor): tf.Tensor => tf.sum(latent, -1);
      const options = { ...base, posterior: normal(), logJoint, logLikelihood: logJoint };
      expect(() => analyticKlElbo({ ...options, prior: new TanhNormal(normal()) })).toThrow(
        NoClosedFormError,
      );
      expect(() => scoreFunctionElbo({ ...options, numParticles: 1 })).toThrow(
        'numParticles: expected at least 2',
      );
      expect(() => reparameterizedElbo({ ...options, numParticles: 0 })).toThrow('numParticles: expected');
    });
  });
});

/** E[log((w_1 + w_2) / 2)] under q for one latent and one observed dimension, on a grid of both draws. */
function twoParticleBound({ x, weights, noise, mean, logStd }: LinearGaussian): number {
  const std = Math.exp(logStd[0]!);
  const [count, reach] = [400, 7];
  const nodes = Array.from({ length: count + 1 }, (_, i) => -reach + (2 * reach * i) / count);
  const density = nodes.map((u) => (Math.exp(-0.5 * u * u) / Math.sqrt(2 * Math.PI)) * ((2 * reach) / count));
  const w = nodes.map((u) => {
    const z = mean[0]! + std * u;
    const residual = (x[0]! - weights[0]! * z) / noise;
    return Math.exp(-0.5 * (z * z + residual * residual) + 0.5 * u * u) * (std / noise);
  });
  let bound = 0;
  for (let i = 0; i <= count; i++) {
    for (let j = 0; j <= count; j++) bound += density[i]! * density[j]! * Math.log(0.5 * (w[i]! + w[j]!));
  }
  return bound - 0.5 * Math.log(2 * Math.PI);
}
