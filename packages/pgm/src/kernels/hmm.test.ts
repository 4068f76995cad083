import { Rng } from '@maxent/core';
import { expect, it } from 'vitest';
import { hmmFilter } from '../hmm/filter.js';
import { fitHmm } from '../hmm/fit.js';
import { hmmExpectedTransitions, hmmPairwiseMarginals } from '../hmm/pairwise.js';
import { hmmFixedLagSmooth, hmmSmooth } from '../hmm/smooth.js';
import { type CaseOptions, randomCase } from '../hmm/test-support/random-hmm.js';
import { loadKernelsForAll, plainly } from './test-support/kernels-for-all.js';

const uses = loadKernelsForAll();

/** Every array of the answer to the last bit, by several functions that share the recursions. */
function expectEqual(rng: Rng, stateCount: number, length: number, options: CaseOptions): void {
  const { model, logLikelihoods } = randomCase(rng, stateCount, length, options);
  const solve = () => ({
    filtered: hmmFilter(model, logLikelihoods),
    smoothed: hmmSmooth(model, logLikelihoods),
    lagged: hmmFixedLagSmooth(model, logLikelihoods, 2),
    counts: hmmExpectedTransitions(model, logLikelihoods),
    pairs: length < 100 ? hmmPairwiseMarginals(model, logLikelihoods) : null,
  });
  expect(solve()).toEqual(plainly(solve));
}

it.each([1, 2, 3, 5, 8, 13, 16, 31, 64, 101])(
  'of %i states equals plain JavaScript to the last bit',
  (stateCount) => {
    const rng = Rng.fromSeed(stateCount);
    const { hmmForward, hmmBackward } = uses;
    for (const length of [1, 2, 7, 40]) expectEqual(rng, stateCount, length, {});
    expect(uses.hmmForward - hmmForward).toBe(4 * 5);
    expect(uses.hmmBackward - hmmBackward).toBe(4 * 3);
  },
);

it.each<[string, CaseOptions]>([
  ['impossible states and transitions', { zeros: 0.4 }],
  ['likelihoods below the table of exp', { scale: 60 }],
  ['probabilities that a double cannot hold', { decades: 150, scale: 400 }],
  ['both', { zeros: 0.3, decades: 200, scale: 300 }],
  ['impossible observations', { zeros: 0.9 }],
])('equals plain JavaScript with %s', (_, options) => {
  const rng = Rng.fromSeed(11);
  for (let i = 0; i < 20; i++) expectEqual(rng, 2 + rng.integer(20), 1 + rng.integer(60), options);
});

it('takes series longer than a chunk of steps', () => {
  expectEqual(Rng.fromSeed(2), 7, 4000, {});
  expectEqual(Rng.fromSeed(2), 64, 700, { zeros: 0.02 });
});

it('fits to the last bit what plain JavaScript fits', () => {
  const rng = Rng.fromSeed(4);
  const { model } = randomCase(rng, 6, 1, {});
  const emission = {
    kind: 'gaussian',
    means: Float64Array.from({ length: 6 }, (_, k) => k),
    stds: new Float64Array(6).fill(1),
  } as const;
  const sequences = [50, 7, 120].map((length) => Array.from({ length }, () => 6 * rng.uniform()));
  const fit = () => fitHmm({ ...model, emission }, sequences, { maxIterations: 5 });
  expect(fit()).toEqual(plainly(fit));
});
