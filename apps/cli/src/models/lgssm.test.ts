import { test } from 'vitest';
import { expectClose, infer } from '../test-support/infer.js';
import { localLevel } from '../test-support/models.js';

test('a linear-Gaussian state-space model', async () => {
  const answer = await infer(localLevel);
  expectClose(answer.logLikelihood, -5.2315979707, 5e-11);
  expectClose(answer.filteredMeans, [[0.5], [1.4], [2.384615]], 5e-7);
  expectClose(answer.filteredCovariances, [[[0.5]], [[0.6]], [[0.615385]]], 5e-7);
  expectClose(answer.smoothedMeans, [[12 / 13], [23 / 13], [31 / 13]], 1e-12);
  expectClose(answer.smoothedCovariances, [[[5 / 13]], [[6 / 13]], [[8 / 13]]], 1e-12);
});

test('rows and components of a state-space model may be missing', async () => {
  const twoSensors = {
    ...localLevel,
    H: [[1], [1]],
    R: [
      [1, 0],
      [0, 1],
    ],
  };
  const partly = await infer({ ...twoSensors, observations: [[1, null], null, [null, 3]] });
  const wholly = await infer({ ...localLevel, observations: [[1], null, [3]] });
  expectClose(partly.smoothedMeans, wholly.smoothedMeans, 1e-12);
  expectClose(partly.logLikelihood, wholly.logLikelihood, 1e-12);
});
