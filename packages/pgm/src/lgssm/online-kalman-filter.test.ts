import { InvalidInputError, InvalidStateError, Rng } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { kalmanFilter } from './kalman-filter.js';
import { OnlineKalmanFilter } from './online-kalman-filter.js';
import { sampleLinearGaussian } from './sample.js';
import { randomModel, withMissing } from './test-support/random-model.js';

describe('OnlineKalmanFilter', () => {
  const n = 3;
  const m = 2;
  const k = 2;
  const count = 6;
  const model = randomModel({ n, m, k, seed: 8, varyOver: count });
  const inputs = new Float64Array(count * k);
  Rng.fromSeed(1).fillNormal(inputs);
  const input = (t: number) => inputs.subarray(t * k, (t + 1) * k);

  it('gives what the whole series gives, step by step', () => {
    const complete = sampleLinearGaussian(model, count, Rng.fromSeed(2), { inputs }).observations;
    const observations = withMissing(complete, 0.3, 2);
    const batch = kalmanFilter(model, observations, { inputs });
    const filter = new OnlineKalmanFilter(model);
    let logLikelihood = 0;
    for (let t = 0; t < count; t++) {
      expect(filter.time).toBe(t);
      expect(filter.mean).toEqual(batch.predictedMeans.slice(t * n, (t + 1) * n));
      expect(filter.covariance).toEqual(batch.predictedCovariances.slice(t * n * n, (t + 1) * n * n));
      logLikelihood += filter.update(observations.subarray(t * m, (t + 1) * m), input(t));
      expect(filter.mean).toEqual(batch.filteredMeans.slice(t * n, (t + 1) * n));
      expect(filter.covariance).toEqual(batch.filteredCovariances.slice(t * n * n, (t + 1) * n * n));
      if (t + 1 < count) filter.predict(input(t));
    }
    expect(logLikelihood).toBe(batch.logLikelihood);
  });

  it('takes one observation for each time, and none is needed', () => {
    const filter = new OnlineKalmanFilter(model);
    filter.update(new Float64Array(m), input(0));
    expect(() => filter.update(new Float64Array(m), input(0))).toThrow(InvalidStateError);
    filter.predict(input(0));
    filter.predict(input(1));
    filter.update(new Float64Array(m), input(2));
    expect(filter.time).toBe(2);
  });

  it.each([
    ['observation', (filter: OnlineKalmanFilter) => filter.update(new Float64Array(3), input(0))],
    ['observation[1]', (filter: OnlineKalmanFilter) => filter.update(Float64Array.of(0, Infinity), input(0))],
    ['input', (filter: OnlineKalmanFilter) => filter.update(new Float64Array(m))],
    ['input', (filter: OnlineKalmanFilter) => filter.predict()],
    ['input[0]', (filter: OnlineKalmanFilter) => filter.predict(Float64Array.of(Number.NaN, 0))],
    [
      'F',
      (filter: OnlineKalmanFilter) => {
        for (let t = 0; t <= count; t++) filter.predict(input(0));
      },
    ],
  ])('names a wrong %s', (field, act) => {
    const filter = new OnlineKalmanFilter(model);
    expect(() => act(filter)).toThrow(InvalidInputError);
    try {
      act(new OnlineKalmanFilter(model));
    } catch (error) {
      expect((error as InvalidInputError).field).toBe(field);
    }
  });
});
