import { Rng } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { cholesky } from '../linear-algebra/cholesky.js';
import { expectClose } from '../linear-algebra/test-support/expect-close.js';
import { kalmanFilter } from './kalman-filter.js';
import { LinearGaussianModel } from './model.js';
import { rtsSmooth } from './rts-smooth.js';
import { sampleLinearGaussian } from './sample.js';
import { sampleLinearGaussianPosterior } from './sample-posterior.js';

/** Expects finite, exactly symmetric covariances with a Cholesky factor, [T, n, n]. */
function expectPositiveDefinite(covariances: Float64Array, n: number): void {
  const lower = new Float64Array(n * n);
  let failures = 0;
  for (let offset = 0; offset < covariances.length; offset += n * n) {
    const covariance = covariances.subarray(offset, offset + n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) if (covariance[i * n + j] !== covariance[j * n + i]) failures++;
    }
    if (!cholesky(lower, covariance, n)) failures++;
  }
  expect(failures).toBe(0);
}

describe('over 100,000 steps', () => {
  it.each([
    ['tiny observation noise', 1e-8, 1],
    ['tiny transition noise', 1, 1e-10],
    ['both tiny, a vague prior', 1e-8, 1e-8],
  ])('with %s, covariances stay symmetric and positive definite', (_name, observationNoise, noise) => {
    // An integrator driven through its last state alone, of which the first is observed: Q has rank 1.
    const model = new LinearGaussianModel({
      initialMean: new Float64Array(3),
      initialCovariance: Float64Array.of(1e4, 0, 0, 0, 1e4, 0, 0, 0, 1e4),
      F: Float64Array.of(1, 0.1, 0, 0, 1, 0.1, 0, 0, 0.9),
      Q: Float64Array.of(0, 0, 0, 0, 0, 0, 0, 0, noise),
      H: Float64Array.of(1, 0, 0),
      R: Float64Array.of(observationNoise),
    });
    const { observations } = sampleLinearGaussian(model, 100_000, Rng.fromSeed(3));
    const filtered = kalmanFilter(model, observations);
    expect(Number.isFinite(filtered.logLikelihood)).toBe(true);
    expectPositiveDefinite(filtered.filteredCovariances, 3);
    expectPositiveDefinite(filtered.predictedCovariances, 3);
    const smoothed = rtsSmooth(model, filtered);
    expectPositiveDefinite(smoothed.smoothedCovariances, 3);
    expect(smoothed.smoothedMeans.every(Number.isFinite)).toBe(true);
  });
});

describe('deterministic states', () => {
  /** A rotation that nothing disturbs: all that is unknown is the start. */
  const angle = 0.1;
  const rotation = Float64Array.of(Math.cos(angle), -Math.sin(angle), Math.sin(angle), Math.cos(angle));

  it('known from the start stay known', () => {
    const model = new LinearGaussianModel({
      initialMean: Float64Array.of(1, 0),
      initialCovariance: new Float64Array(4),
      F: rotation,
      Q: new Float64Array(4),
      H: Float64Array.of(1, 0),
      R: Float64Array.of(1),
    });
    const filtered = kalmanFilter(model, Float64Array.of(5, -5, 5));
    const smoothed = rtsSmooth(model, filtered);
    const expected = [0, 1, 2].flatMap((t) => [Math.cos(angle * t), Math.sin(angle * t)]);
    expectClose(filtered.filteredMeans, expected, 1e-15);
    expectClose(smoothed.smoothedMeans, expected, 1e-15);
    expect(smoothed.smoothedCovariances.every((value) => value === 0)).toBe(true);
    expect(smoothed.smoothedCrossCovariances.every((value) => value === 0)).toBe(true);
    const draws = sampleLinearGaussianPosterior(model, filtered, 2, Rng.fromSeed(1));
    expectClose(draws, [...expected, ...expected], 1e-15);
  });

  it('follow their equation after smoothing too', () => {
    const model = new LinearGaussianModel({
      initialMean: new Float64Array(2),
      initialCovariance: Float64Array.of(1, 0, 0, 1),
      F: rotation,
      Q: new Float64Array(4),
      H: Float64Array.of(1, 0),
      R: Float64Array.of(1e-2),
    });
    const count = 1000;
    const { states, observations } = sampleLinearGaussian(model, count, Rng.fromSeed(1));
    const filtered = kalmanFilter(model, observations);
    const { smoothedMeans } = rtsSmooth(model, filtered);
    for (let t = 0; t + 1 < count; t++) {
      for (let i = 0; i < 2; i++) {
        const turned =
          rotation[2 * i]! * smoothedMeans[2 * t]! + rotation[2 * i + 1]! * smoothedMeans[2 * t + 1]!;
        expect(smoothedMeans[2 * (t + 1) + i]).toBeCloseTo(turned, 11);
      }
    }
    // 1000 observations of standard deviation 0.1 leave about 0.0045 for each coordinate.
    expectClose(smoothedMeans, states, 0.02);
  });

  it('that copy another state are smoothed with it', () => {
    // z = (x_t, x_{t-1}) for an autoregression x: the second state is known exactly once the first was.
    const model = new LinearGaussianModel({
      initialMean: new Float64Array(2),
      initialCovariance: Float64Array.of(1, 0, 0, 1),
      F: Float64Array.of(0.5, 0.3, 1, 0),
      Q: Float64Array.of(1, 0, 0, 0),
      H: Float64Array.of(1, 0),
      R: Float64Array.of(1e-8),
    });
    const count = 50;
    const { observations } = sampleLinearGaussian(model, count, Rng.fromSeed(2));
    const { smoothedMeans, smoothedCovariances } = rtsSmooth(model, kalmanFilter(model, observations));
    for (let t = 1; t < count; t++) {
      expect(smoothedMeans[2 * t + 1]).toBeCloseTo(smoothedMeans[2 * (t - 1)]!, 12);
      expect(smoothedCovariances[4 * t + 3]! / smoothedCovariances[4 * (t - 1)]!).toBeCloseTo(1, 6);
    }
  });
});
