import { Rng } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../linear-algebra/test-support/expect-close.js';
import { forecastLinearGaussian } from './forecast.js';
import { kalmanFilter, linearGaussianLogLikelihood } from './kalman-filter.js';
import { rtsSmooth } from './rts-smooth.js';
import { sampleLinearGaussian } from './sample.js';
import { block } from './test-support/block.js';
import { DenseJoint } from './test-support/dense-joint.js';
import { randomModel, withMissing } from './test-support/random-model.js';

const TOLERANCE = 1e-10;

// Sizes are prime or 1, so that swapped ones cannot pass.
const cases = [
  { name: 'one state', n: 1, m: 1, count: 5 },
  { name: 'one time', n: 3, m: 2, count: 1 },
  { name: 'more observed than hidden', n: 2, m: 5, count: 4 },
  { name: 'constant', n: 5, m: 2, count: 7 },
  { name: 'inputs and offsets', n: 3, m: 2, count: 5, k: 7 },
  { name: 'missing components', n: 3, m: 5, count: 7, missing: 0.4 },
  { name: 'missing rows', n: 3, m: 1, count: 11, missing: 0.6 },
  { name: 'everything missing', n: 3, m: 2, count: 5, missing: 1 },
  { name: 'singular Q', n: 5, m: 2, count: 5, noiseRank: 2 },
  { name: 'no transition noise', n: 5, m: 2, count: 5, noiseRank: 0 },
  { name: 'time-varying', n: 3, m: 2, count: 7, varyOver: 9 },
  { name: 'all of it', n: 3, m: 5, count: 7, k: 2, missing: 0.3, noiseRank: 1, varyOver: 9 },
].flatMap((options) => [1, 2, 3].map((seed) => ({ ...options, seed })));

describe.each(cases)('against the dense joint Gaussian: $name, seed $seed', (options) => {
  const { n, m, count, k = 0, missing = 0, seed } = options;
  const steps = 2;
  const model = randomModel(options);
  const inputs = new Float64Array((count + steps) * k);
  Rng.fromSeed(seed).fillNormal(inputs);
  const seriesOptions = k > 0 ? { inputs } : {};
  const complete = sampleLinearGaussian(model, count, Rng.fromSeed(seed), seriesOptions).observations;
  const observations = withMissing(complete, missing, seed);
  const joint = new DenseJoint(model, count, inputs);
  const filtered = kalmanFilter(model, observations, seriesOptions);

  it('filter and prediction', () => {
    for (let t = 0; t < count; t++) {
      const past = joint.statesGiven(observations, t - 1);
      const present = joint.statesGiven(observations, t);
      const at = (array: Float64Array, size: number) => array.subarray(t * size, (t + 1) * size);
      expectClose(at(filtered.predictedMeans, n), at(past.mean, n), TOLERANCE);
      expectClose(at(filtered.predictedCovariances, n * n), block(past.covariance, count, n, t), TOLERANCE);
      expectClose(at(filtered.filteredMeans, n), at(present.mean, n), TOLERANCE);
      expectClose(at(filtered.filteredCovariances, n * n), block(present.covariance, count, n, t), TOLERANCE);
    }
  });

  it('log-likelihood', () => {
    const { logLikelihood } = joint.statesGiven(observations);
    expectClose([filtered.logLikelihood], [logLikelihood], TOLERANCE);
    expect(linearGaussianLogLikelihood(model, observations, seriesOptions)).toBe(filtered.logLikelihood);
  });

  it('smoother', () => {
    const posterior = joint.statesGiven(observations);
    const smoothed = rtsSmooth(model, filtered);
    expectClose(smoothed.smoothedMeans, posterior.mean, TOLERANCE);
    expect(smoothed.smoothedCrossCovariances.length).toBe((count - 1) * n * n);
    for (let t = 0; t < count; t++) {
      expectClose(
        smoothed.smoothedCovariances.subarray(t * n * n, (t + 1) * n * n),
        block(posterior.covariance, count, n, t),
        TOLERANCE,
      );
      if (t + 1 === count) continue;
      expectClose(
        smoothed.smoothedCrossCovariances.subarray(t * n * n, (t + 1) * n * n),
        block(posterior.covariance, count, n, t + 1, t),
        TOLERANCE,
      );
    }
  });

  it('forecast', () => {
    const longer = new DenseJoint(model, count + steps, inputs);
    const states = longer.statesGiven(observations, count - 1);
    const future = longer.observationsGiven(observations, count - 1, count);
    const forecast = forecastLinearGaussian(model, filtered, steps, seriesOptions);
    expectClose(forecast.stateMeans, states.mean.subarray(count * n), TOLERANCE);
    expectClose(forecast.observationMeans, future.mean, TOLERANCE);
    for (let step = 0; step < steps; step++) {
      expectClose(
        forecast.stateCovariances.subarray(step * n * n, (step + 1) * n * n),
        block(states.covariance, count + steps, n, count + step),
        TOLERANCE,
      );
      expectClose(
        forecast.observationCovariances.subarray(step * m * m, (step + 1) * m * m),
        block(future.covariance, steps, m, step),
        TOLERANCE,
      );
    }
  });
});
