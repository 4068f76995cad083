import { Rng } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { kalmanFilter } from './kalman-filter.js';
import { sampleLinearGaussian } from './sample.js';
import { sampleLinearGaussianPosterior } from './sample-posterior.js';
import { DenseJoint } from './test-support/dense-joint.js';
import { randomModel, withMissing } from './test-support/random-model.js';

/**
 * Expects the mean and covariance of `draws` vectors, [draws, size], within 6 standard errors of those given: the
 * standard error of a covariance of Gaussians is sqrt((C_ii C_jj + C_ij^2) / draws).
 */
function expectMoments(
  samples: Float64Array,
  draws: number,
  mean: Float64Array,
  covariance: Float64Array,
): void {
  const size = mean.length;
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let draw = 0; draw < draws; draw++) sum += samples[draw * size + i]! - mean[i]!;
    expect(Math.abs(sum / draws)).toBeLessThan(6 * Math.sqrt(covariance[i * size + i]! / draws) + 1e-12);
    for (let j = 0; j <= i; j++) {
      let products = 0;
      for (let draw = 0; draw < draws; draw++) {
        products += (samples[draw * size + i]! - mean[i]!) * (samples[draw * size + j]! - mean[j]!);
      }
      const expected = covariance[i * size + j]!;
      const error = Math.sqrt(
        (covariance[i * size + i]! * covariance[j * size + j]! + expected ** 2) / draws,
      );
      expect(Math.abs(products / draws - expected)).toBeLessThan(6 * error + 1e-12);
    }
  }
}

const cases = [
  { name: 'constant', n: 3, m: 2, seed: 1 },
  { name: 'inputs, offsets, time-varying', n: 2, m: 3, k: 2, varyOver: 5, seed: 2 },
  { name: 'singular Q', n: 3, m: 1, noiseRank: 1, seed: 3 },
];

describe.each(cases)('draws of a model: $name', (options) => {
  const { n, m, k = 0, seed } = options;
  const count = 4;
  const draws = 20_000;
  const model = randomModel(options);
  const inputs = new Float64Array(count * k);
  Rng.fromSeed(seed).fillNormal(inputs);
  const seriesOptions = k > 0 ? { inputs } : {};
  const joint = new DenseJoint(model, count, inputs);

  it('states and observations have the moments of the joint Gaussian', () => {
    const states = new Float64Array(draws * count * n);
    const observations = new Float64Array(draws * count * m);
    const rng = Rng.fromSeed(seed);
    for (let draw = 0; draw < draws; draw++) {
      const sample = sampleLinearGaussian(model, count, rng, seriesOptions);
      states.set(sample.states, draw * count * n);
      observations.set(sample.observations, draw * count * m);
    }
    const none = new Float64Array(count * m).fill(Number.NaN);
    const stateMoments = joint.statesGiven(none);
    expectMoments(states, draws, stateMoments.mean, stateMoments.covariance);
    const observationMoments = joint.observationsGiven(none, count - 1, 0);
    expectMoments(observations, draws, observationMoments.mean, observationMoments.covariance);
  });

  it('state sequences given observations have the moments of the posterior', () => {
    const complete = sampleLinearGaussian(model, count, Rng.fromSeed(seed), seriesOptions).observations;
    const observations = withMissing(complete, 0.2, seed);
    const filtered = kalmanFilter(model, observations, seriesOptions);
    const samples = sampleLinearGaussianPosterior(model, filtered, draws, Rng.fromSeed(seed + 1));
    const posterior = joint.statesGiven(observations);
    expectMoments(samples, draws, posterior.mean, posterior.covariance);
  });

  it('the same seed gives the same draws', () => {
    const filtered = kalmanFilter(
      model,
      sampleLinearGaussian(model, count, Rng.fromSeed(seed), seriesOptions).observations,
      seriesOptions,
    );
    const draw = () => sampleLinearGaussianPosterior(model, filtered, 3, Rng.fromSeed(9));
    expect(draw()).toEqual(draw());
  });
});
