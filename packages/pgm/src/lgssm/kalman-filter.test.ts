import { Rng } from '@maxent/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../linear-algebra/test-support/expect-close.js';
import { forecastLinearGaussian } from './forecast.js';
import { kalmanFilter, linearGaussianLogLikelihood } from './kalman-filter.js';
import { LinearGaussianModel } from './model.js';
import { rtsSmooth } from './rts-smooth.js';
import { sampleLinearGaussian } from './sample.js';
import { randomModel, withMissing } from './test-support/random-model.js';

const scalar = (value: number) => Float64Array.of(value);

/** diag(blocks of the same matrix) interleaved: matrix ⊗ I₂. */
function twice(matrix: readonly number[], size: number): Float64Array {
  const out = new Float64Array(4 * size * size);
  matrix.forEach((value, index) => {
    const i = Math.floor(index / size);
    const j = index % size;
    for (const copy of [0, 1]) out[(2 * i + copy) * 2 * size + 2 * j + copy] = value;
  });
  return out;
}

describe('a random walk seen with unit noise, observations 1, 2, 3', () => {
  const model = new LinearGaussianModel({
    initialMean: scalar(0),
    initialCovariance: scalar(1),
    F: scalar(1),
    Q: scalar(1),
    H: scalar(1),
    R: scalar(1),
  });
  const filtered = kalmanFilter(model, Float64Array.of(1, 2, 3));
  const smoothed = rtsSmooth(model, filtered);

  it.each([
    ['log-likelihood', [filtered.logLikelihood], [-5.2315979707], 10],
    ['filtered means', filtered.filteredMeans, [0.5, 1.4, 2.384615], 6],
    ['filtered variances', filtered.filteredCovariances, [0.5, 0.6, 0.615385], 6],
    ['smoothed means', smoothed.smoothedMeans, [0.923077, 1.769231, 2.384615], 6],
    ['smoothed means as fractions', smoothed.smoothedMeans, [12 / 13, 23 / 13, 31 / 13], 14],
    ['smoothed variances', smoothed.smoothedCovariances, [0.384615, 0.461538, 0.615385], 6],
    ['smoothed variances as fractions', smoothed.smoothedCovariances, [5 / 13, 6 / 13, 8 / 13], 14],
  ])('%s', (_name, actual, expected, digits) => {
    expect(actual.length).toBe(expected.length);
    expected.forEach((value, i) => {
      expect(actual[i]).toBeCloseTo(value, digits);
    });
  });

  it('has the golden ratio for its stationary predicted variance', () => {
    const { predictedCovariances } = kalmanFilter(model, new Float64Array(60));
    expect(predictedCovariances[59]).toBeCloseTo(1.618034, 7);
    expect(predictedCovariances[59]).toBeCloseTo((1 + Math.sqrt(5)) / 2, 14);
  });
});

describe('tracking in the plane', () => {
  it('reaches the stationary covariances of Särkkä, example 3.6', () => {
    const dt = 0.1;
    const model = new LinearGaussianModel({
      initialMean: new Float64Array(4),
      initialCovariance: twice([1, 0, 0, 1], 2),
      F: twice([1, dt, 0, 1], 2),
      Q: twice([dt ** 3 / 3, dt ** 2 / 2, dt ** 2 / 2, dt], 2),
      H: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0),
      R: twice([0.25], 1),
    });
    const count = 400;
    const { filteredCovariances, predictedCovariances } = kalmanFilter(model, new Float64Array(2 * count));
    const last = (count - 1) * 16;
    const filtered = twice([0.07482149, 0.13235502, 0.13235502, 0.51530901], 2);
    const predicted = twice([0.10677891, 0.18888592, 0.18888592, 0.61530901], 2);
    for (let i = 0; i < 16; i++) {
      expect(filteredCovariances[last + i]).toBeCloseTo(filtered[i]!, 8);
      expect(predictedCovariances[last + i]).toBeCloseTo(predicted[i]!, 8);
    }
  });

  it('gives the covariance of the dynamax tracking example after 15 observations', () => {
    const model = new LinearGaussianModel({
      initialMean: new Float64Array(4),
      initialCovariance: twice([0.1, 0, 0, 0.1], 2),
      F: twice([1, 1, 0, 1], 2),
      Q: twice([0.001, 0, 0, 0.001], 2),
      H: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0),
      R: twice([1], 1),
    });
    const { filteredCovariances } = kalmanFilter(model, new Float64Array(30));
    const expected = twice([0.238766, 0.02855134, 0.02855134, 0.00792637], 2);
    expected.forEach((value, i) => {
      expect(filteredCovariances[14 * 16 + i]).toBeCloseTo(value, 8);
    });
  });
});

describe('time-varying operators', () => {
  // With F_t = t + 1 and H_t = sqrt(t + 1) the state is 1.3 t!, so that an index off by one is off by far.
  const count = 8;
  const model = new LinearGaussianModel({
    initialMean: scalar(1.3),
    initialCovariance: scalar(1e-10),
    F: Array.from({ length: count - 1 }, (_, t) => scalar(t + 1)),
    Q: scalar(1e-10),
    H: Array.from({ length: count }, (_, t) => scalar(Math.sqrt(t + 1))),
    R: scalar(1e-10),
  });

  it('apply at the right times: the density of the trajectory without noise is that of a small spread', () => {
    const states: number[] = [1.3];
    for (let t = 1; t < count; t++) states.push(states[t - 1]! * t);
    const observations = Float64Array.from(states, (state, t) => Math.sqrt(t + 1) * state);
    const filtered = kalmanFilter(model, observations);
    expectClose(filtered.filteredMeans, states, 1e-12);
    expect(filtered.logLikelihood).toBeGreaterThan(0);
    observations.set(observations.slice(1), 0);
    expect(linearGaussianLogLikelihood(model, observations)).toBeLessThan(-1e8);
  });

  it('give samples of positive log density', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { observations } = sampleLinearGaussian(model, count, Rng.fromSeed(seed));
      expect(linearGaussianLogLikelihood(model, observations)).toBeGreaterThan(0);
    }
  });
});

describe('without memory (F = 0)', () => {
  it.each([1, 1e-4, 1e-8])('observations are independent normals, variances %d', (variance) => {
    const model = new LinearGaussianModel({
      initialMean: scalar(0),
      initialCovariance: scalar(variance),
      F: scalar(0),
      Q: scalar(variance),
      H: scalar(1),
      R: scalar(variance),
    });
    const observations = Float64Array.of(0.5, -1, 2, 0.1).map((value) => value * Math.sqrt(variance));
    let expected = 0;
    for (const y of observations) {
      expected -= 0.5 * (Math.log(2 * Math.PI * 2 * variance) + y ** 2 / (2 * variance));
    }
    expect(linearGaussianLogLikelihood(model, observations)).toBeCloseTo(expected, 11);
  });
});

describe('with everything missing', () => {
  it('the posterior is the prior carried forward', () => {
    const model = randomModel({ n: 3, m: 2, seed: 4 });
    const count = 6;
    const filtered = kalmanFilter(model, new Float64Array(count * 2).fill(Number.NaN));
    expect(filtered.logLikelihood).toBe(0);
    expect(filtered.filteredMeans).toEqual(filtered.predictedMeans);
    expect(filtered.filteredCovariances).toEqual(filtered.predictedCovariances);
    const start = kalmanFilter(model, new Float64Array(2).fill(Number.NaN));
    const forecast = forecastLinearGaussian(model, start, count - 1);
    expect(filtered.filteredMeans.subarray(3)).toEqual(forecast.stateMeans);
    expect(filtered.filteredCovariances.subarray(9)).toEqual(forecast.stateCovariances);
    const smoothed = rtsSmooth(model, filtered);
    expectClose(smoothed.smoothedMeans, filtered.filteredMeans, 1e-14);
    expectClose(smoothed.smoothedCovariances, filtered.filteredCovariances, 1e-14);
  });
});

describe('properties', () => {
  const models = fc.record({
    n: fc.integer({ min: 1, max: 5 }),
    m: fc.integer({ min: 1, max: 4 }),
    seed: fc.integer({ min: 0, max: 1e6 }),
    count: fc.integer({ min: 1, max: 12 }),
    missing: fc.constantFrom(0, 0.3),
  });
  const setUp = ({ n, m, seed, count, missing }: typeof models extends fc.Arbitrary<infer T> ? T : never) => {
    const model = randomModel({ n, m, seed });
    const complete = sampleLinearGaussian(model, count, Rng.fromSeed(seed)).observations;
    return { model, observations: withMissing(complete, missing, seed) };
  };

  it('smoothing ends with the filter and never adds variance', () => {
    fc.assert(
      fc.property(models, (options) => {
        const { n, count } = options;
        const { model, observations } = setUp(options);
        const filtered = kalmanFilter(model, observations);
        const smoothed = rtsSmooth(model, filtered);
        expect(smoothed.smoothedMeans.slice(-n)).toEqual(filtered.filteredMeans.slice(-n));
        for (let t = 0; t < count; t++) {
          for (let i = 0; i < n; i++) {
            const index = t * n * n + i * n + i;
            const bound = filtered.filteredCovariances[index]! * (1 + 1e-12);
            expect(smoothed.smoothedCovariances[index]).toBeLessThanOrEqual(bound);
            expect(filtered.filteredCovariances[index]).toBeLessThanOrEqual(
              filtered.predictedCovariances[index]! * (1 + 1e-12),
            );
          }
        }
      }),
    );
  });

  it('the order of the observed components does not matter', () => {
    fc.assert(
      fc.property(models, (options) => {
        const { m, n, count } = options;
        const { model, observations } = setUp(options);
        const order = Array.from({ length: m }, (_, i) => m - 1 - i);
        const H = model.parameters.H as Float64Array;
        const R = model.parameters.R as Float64Array;
        const reversed = new LinearGaussianModel({
          ...model.parameters,
          H: Float64Array.from({ length: m * n }, (_, i) => H[order[Math.floor(i / n)]! * n + (i % n)]!),
          R: Float64Array.from(
            { length: m * m },
            (_, i) => R[order[Math.floor(i / m)]! * m + order[i % m]!]!,
          ),
        });
        const shuffled = observations.map((_, i) => observations[Math.floor(i / m) * m + order[i % m]!]!);
        const one = kalmanFilter(model, observations);
        const other = kalmanFilter(reversed, shuffled);
        expectClose([other.logLikelihood], [one.logLikelihood], 1e-11);
        expectClose(other.filteredMeans, one.filteredMeans, 1e-11);
        expect(other.filteredMeans.length).toBe(count * n);
      }),
    );
  });

  it('the log-likelihood is the sum of those of the parts of a series', () => {
    fc.assert(
      fc.property(models, (options) => {
        const { n, m } = options;
        const { model, observations } = setUp(options);
        const whole = kalmanFilter(model, observations);
        const head = kalmanFilter(model, observations.slice(0, m));
        if (options.count === 1) {
          expect(head.logLikelihood).toBe(whole.logLikelihood);
          return;
        }
        const forecast = forecastLinearGaussian(model, head, 1);
        const tail = new LinearGaussianModel({
          ...model.parameters,
          initialMean: forecast.stateMeans,
          initialCovariance: forecast.stateCovariances,
        });
        const rest = kalmanFilter(tail, observations.slice(m));
        expectClose([head.logLikelihood + rest.logLikelihood], [whole.logLikelihood], 1e-11);
        expectClose(rest.filteredMeans, whole.filteredMeans.slice(n), 1e-10);
      }),
    );
  });
});
