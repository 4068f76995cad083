import { Rng } from '@maxent/core';
import { expect, test } from 'vitest';
import { inferControl } from '../control/infer-control.js';
import { evaluatePolicy } from '../control/policy-evaluation.js';
import { forecastHmm } from '../hmm/forecast.js';
import { sampleHmm } from '../hmm/sample.js';
import { sampleHmmPosterior } from '../hmm/sample-posterior.js';
import { forecastLinearGaussian } from '../lgssm/forecast.js';
import { kalmanFilter } from '../lgssm/kalman-filter.js';
import { LinearGaussianModel } from '../lgssm/model.js';
import { sampleLinearGaussian } from '../lgssm/sample.js';
import { sampleLinearGaussianPosterior } from '../lgssm/sample-posterior.js';
import { solveLqr } from '../lqr/solve-lqr.js';

const one = Float64Array.of(1);
const mdp = {
  stateCount: 1,
  actionCount: 1,
  transition: {
    rowCount: 1,
    columnCount: 1,
    rowOffsets: Uint32Array.of(0, 1),
    columns: Uint32Array.of(0),
    values: one,
  },
  reward: one,
  initial: one,
  terminal: Uint8Array.of(0),
};
const chain = { initial: one, transition: one };
const emitting = { ...chain, emission: { kind: 'gaussian', means: one, stds: one } as const };
const local = new LinearGaussianModel({
  initialMean: one,
  initialCovariance: one,
  F: one,
  Q: one,
  H: one,
  R: one,
});
const problem = { A: one, B: one, Q: one, R: one, noiseCovariance: one };
const huge = 1e15;

test.each<[string, string, () => unknown]>([
  ['inferControl', 'horizon', () => inferControl(mdp, { inference: 'variational', horizon: huge })],
  ['evaluatePolicy', 'horizon', () => evaluatePolicy(mdp, one, { horizon: huge })],
  ['solveLqr', 'horizon', () => solveLqr(problem, { horizon: huge, inference: 'variational' })],
  ['sampleHmm', 'steps', () => sampleHmm(emitting, huge, Rng.fromSeed(1))],
  [
    'forecastHmm',
    'steps',
    () => forecastHmm(chain, { logLikelihood: 0, filtered: one, predicted: one }, huge),
  ],
  ['sampleHmmPosterior', 'draws', () => sampleHmmPosterior(chain, one, huge, Rng.fromSeed(1))],
  ['sampleLinearGaussian', 'steps', () => sampleLinearGaussian(local, huge, Rng.fromSeed(1))],
  ['forecastLinearGaussian', 'steps', () => forecastLinearGaussian(local, kalmanFilter(local, one), huge)],
  [
    'sampleLinearGaussianPosterior',
    'draws',
    () => sampleLinearGaussianPosterior(local, kalmanFilter(local, one), huge, Rng.fromSeed(1)),
  ],
])('%s names %s, the bytes and the limit', (_, field, compute) => {
  expect(compute).toThrow(new RegExp(`^${field}: .* would take .*PiB, more than the limit of 8 GiB`));
});
