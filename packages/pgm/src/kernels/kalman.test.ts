import { Rng } from '@maxent/core';
import { expect, it } from 'vitest';
import { kalmanFilter, linearGaussianLogLikelihood } from '../lgssm/kalman-filter.js';
import { LinearGaussianModel } from '../lgssm/model.js';
import { randomModel, withMissing } from '../lgssm/test-support/random-model.js';
import { loadKernelsForAll, plainly } from './test-support/kernels-for-all.js';

const uses = loadKernelsForAll();

function expectEqual(model: LinearGaussianModel, length: number, missing: number, seed: number): void {
  const rng = Rng.fromSeed(seed);
  const normal = (count: number) => {
    const values = new Float64Array(count);
    rng.fillNormal(values, 0, 2);
    return values;
  };
  const observations = withMissing(normal(length * model.observationSize), missing, seed);
  const options = model.inputSize === 0 ? {} : { inputs: normal(length * model.inputSize) };
  const filter = () => ({
    states: kalmanFilter(model, observations, options),
    logLikelihood: linearGaussianLogLikelihood(model, observations, options),
  });
  const used = uses.kalmanFilter;
  expect(filter()).toEqual(plainly(filter));
  expect(uses.kalmanFilter).toBe(used + 2);
}

it.each([
  [1, 1],
  [2, 1],
  [3, 2],
  [4, 5],
  [7, 3],
  [8, 4],
  [11, 2],
  [20, 6],
])('of %i states and %i observed components equals plain JavaScript to the last bit', (n, m) => {
  const seed = 100 * n + m;
  for (const length of [1, 2, 50]) expectEqual(randomModel({ n, m, seed }), length, 0, seed);
  expectEqual(randomModel({ n, m, seed, k: 2 }), 30, 0, seed);
  expectEqual(randomModel({ n, m, seed, noiseRank: 0 }), 40, 0.3, seed);
  expectEqual(randomModel({ n, m, seed, k: 3, noiseRank: Math.floor(n / 2) }), 40, 0.5, seed);
});

it('takes series longer than a chunk of steps, and rows without any observation', () => {
  expectEqual(randomModel({ n: 8, m: 4, seed: 5 }), 1000, 0, 5);
  expectEqual(randomModel({ n: 2, m: 1, seed: 6, k: 1 }), 3000, 0.4, 6);
});

it('goes on where a covariance has settled to the last bit, loses an observation, and settles again', () => {
  const model = randomModel({ n: 3, m: 2, seed: 8, k: 2 });
  const length = 900;
  const rng = Rng.fromSeed(12);
  const observations = new Float64Array(2 * length);
  const inputs = new Float64Array(2 * length);
  rng.fillNormal(observations, 0, 2);
  rng.fillNormal(inputs, 0, 2);
  for (const missing of [600, 601, 1001, 1500]) observations[missing] = Number.NaN;
  const filter = () => kalmanFilter(model, observations, { inputs });
  const answer = filter();
  expect(answer).toEqual(plainly(filter));
  // Or this test would prove nothing.
  const factorAt = (t: number) => answer.filteredFactors.subarray(9 * t, 9 * (t + 1));
  for (const t of [299, 499, 749, 899]) expect(factorAt(t)).toEqual(factorAt(t - 1));
  for (const t of [300, 500, 750]) expect(factorAt(t)).not.toEqual(factorAt(t - 1));
});

it('tells an input that only moves the observation from one that moves the state', () => {
  const { parameters } = randomModel({ n: 3, m: 2, seed: 9, k: 2 });
  const { B, b, D, d, ...rest } = parameters;
  expectEqual(new LinearGaussianModel({ ...rest, D: D!, d: d! }), 20, 0, 9);
  expectEqual(new LinearGaussianModel({ ...rest, B: B! }), 20, 0, 9);
  expectEqual(new LinearGaussianModel({ ...rest, b: b! }), 20, 0, 9);
});

it('leaves parameters that vary over time to plain JavaScript', () => {
  const model = randomModel({ n: 3, m: 2, seed: 4, varyOver: 10 });
  const used = uses.kalmanFilter;
  const observations = new Float64Array(20).fill(0.5);
  expect(kalmanFilter(model, observations)).toEqual(plainly(() => kalmanFilter(model, observations)));
  expect(uses.kalmanFilter).toBe(used);
});
