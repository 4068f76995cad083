import { readTensor, selectBackend, tensorOf } from '@maxent/backend';
import { testBackends } from '@maxent/backend/testing';
import { Rng } from '@maxent/core';
import { kalmanFilter, LinearGaussianModel } from '@maxent/pgm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { divergenceFromPrior, priorBeliefs, productOfGaussians, sampleBeliefs } from './beliefs.js';

type Factors = readonly { readonly mean: number; readonly variance: number }[];

/** The product of factors of one latent entry. */
function product(factors: Factors, includePrior: boolean): { mean: number; variance: number } {
  return tf.tidy(() => {
    const shape: [number, number, number] = [1, factors.length, 1];
    const tensor = (values: number[]) => tensorOf<tf.Rank.R3>(values, shape);
    const beliefs = productOfGaussians(
      tensor(factors.map(({ mean }) => mean)),
      tensor(factors.map(({ variance }) => variance)),
      { includePrior },
    );
    return { mean: readTensor(beliefs.mean)[0]!, variance: readTensor(beliefs.variance)[0]! };
  });
}

describe.each(testBackends)('beliefs on %s', (prefer) => {
  beforeAll(() => selectBackend({ prefer }));

  it('are the exact posterior of a linear-Gaussian model when the prior is a factor', () => {
    const rng = Rng.fromSeed(3);
    // y_n = gain_n z + N(0, noise): the likelihood as a function of z is N(z; y_n / gain_n, noise / gain_n^2).
    const gains = Array.from({ length: 7 }, () => rng.uniform(0.3, 2));
    const observations = Float64Array.from(gains, (gain) => gain * 0.8 + 0.5 * rng.normal());
    const model = new LinearGaussianModel({
      ...{ initialMean: Float64Array.of(0), initialCovariance: Float64Array.of(1) },
      ...{ F: Float64Array.of(1), Q: Float64Array.of(0), R: Float64Array.of(0.25) },
      H: gains.map((gain) => Float64Array.of(gain)),
    });
    const { filteredMeans, filteredCovariances } = kalmanFilter(model, observations);
    const factors = gains.map((gain, n) => ({ mean: observations[n]! / gain, variance: 0.25 / gain ** 2 }));
    for (let n = 1; n <= gains.length; n++) {
      const { mean, variance } = product(factors.slice(0, n), true);
      expect(mean).toBeCloseTo(filteredMeans[n - 1]!, 5);
      expect(variance).toBeCloseTo(filteredCovariances[n - 1]!, 5);
    }
  });

  it.each([
    { factors: [{ mean: 3, variance: 0.5 }], includePrior: false, mean: 3, variance: 0.5 },
    // Precisions 2 and 1.
    { factors: [{ mean: 3, variance: 0.5 }], includePrior: true, mean: 2, variance: 1 / 3 },
    {
      factors: [
        { mean: 1, variance: 1 },
        { mean: 4, variance: 0.5 },
      ],
      includePrior: false,
      mean: 3,
      variance: 1 / 3,
    },
    { factors: [], includePrior: false, mean: 0, variance: 1 },
    { factors: [], includePrior: true, mean: 0, variance: 1 },
  ])('of $factors, prior $includePrior', ({ factors, includePrior, mean, variance }) => {
    const found = product(factors, includePrior);
    expect(found.mean).toBeCloseTo(mean, 5);
    expect(found.variance).toBeCloseTo(variance, 5);
  });

  it('sharpen as 1 / N when the same factor is seen N times', () => {
    for (const count of [1, 4, 16, 64]) {
      const { mean, variance } = product(new Array(count).fill({ mean: -1.5, variance: 2 }), false);
      expect(mean).toBeCloseTo(-1.5, 5);
      expect(variance * count).toBeCloseTo(2, 4);
    }
  });

  it('keep a certain factor from drowning out the others with infinite precision', () => {
    const { mean, variance } = product([{ mean: 1, variance: 0 }], false);
    expect(mean).toBeCloseTo(1, 5);
    expect(variance).toBeGreaterThan(0);
  });

  it('diverge from the prior by sum_d (v + m^2 - 1 - log v) / 2 for each task', () => {
    const values = tf.tidy(() =>
      readTensor(
        divergenceFromPrior({
          mean: tensorOf<tf.Rank.R2>([0, 0, 1, -2], [2, 2]),
          variance: tensorOf<tf.Rank.R2>([1, 1, 0.5, 2], [2, 2]),
        }),
      ),
    );
    expect(values[0]).toBeCloseTo(0, 6);
    const entry = (m: number, v: number) => (v + m * m - 1 - Math.log(v)) / 2;
    expect(values[1]).toBeCloseTo(entry(1, 0.5) + entry(-2, 2), 5);
  });

  it('give draws with their mean and standard deviation', () => {
    const drawn = tf.tidy(() =>
      readTensor(
        sampleBeliefs(
          { mean: tensorOf<tf.Rank.R2>([1, 2], [1, 2]), variance: tensorOf<tf.Rank.R2>([4, 0.25], [1, 2]) },
          tensorOf<tf.Rank.R2>([1, -2], [1, 2]),
        ),
      ),
    );
    expect([...drawn]).toEqual([3, 1]);
    expect([...readTensor(priorBeliefs(2, 1).variance)]).toEqual([1, 1]);
  });
});
