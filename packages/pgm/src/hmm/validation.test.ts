import { InvalidInputError, Rng, sparseRowsOf } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { emissionLogLikelihoods, type HmmEmission } from './emission.js';
import { hmmFilter } from './filter.js';
import { fitHmm } from './fit.js';
import { forecastHmm } from './forecast.js';
import { OnlineHmmFilter } from './online-filter.js';
import { hmmExpectedTransitions } from './pairwise.js';
import { sampleHmm } from './sample.js';
import { sampleHmmPosterior } from './sample-posterior.js';
import { hmmFixedLagSmooth } from './smooth.js';

const matrix = Float64Array.of(0.5, 0.5, 0.4, 0.6);
const identity = Float64Array.of(1, 0, 0, 1);
const bad = Float64Array.of(0.5, 0.5, 0.4, 0.5);
const model = { initial: Float64Array.of(0.5, 0.5), transition: matrix };
const gaussian = {
  kind: 'gaussian',
  means: Float64Array.of(0, 1),
  stds: Float64Array.of(1, 1),
} as const;
const categorical = { kind: 'categorical', symbolCount: 2, probs: matrix } as const;
const missing = new Float64Array(4);

function fieldOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof InvalidInputError) return error.field;
    throw error;
  }
  return 'nothing was thrown';
}

const filterWith = (change: Partial<Parameters<typeof hmmFilter>[0]>, logLikelihoods = missing) => {
  return () => hmmFilter({ ...model, ...change }, logLikelihoods);
};
const score = (emission: HmmEmission, observations: readonly (number | null)[]) => () =>
  emissionLogLikelihoods(emission, observations);
const fit = (sequences: (number | null)[][], options = {}, start = {}) => {
  return () => fitHmm({ ...model, emission: gaussian, ...start }, sequences, options);
};

describe('the field at fault is named', () => {
  it.each<[string, () => unknown]>([
    ['initial', filterWith({ initial: new Float64Array(0) })],
    ['initial', filterWith({ initial: Float64Array.of(0.5, 0.4) })],
    ['initial[1]', filterWith({ initial: Float64Array.of(1.5, -0.5) })],
    ['transition', filterWith({ transition: Float64Array.of(1) })],
    ['transition[1]', filterWith({ transition: bad })],
    ['transition[0][1]', filterWith({ transition: Float64Array.of(1, Number.NaN, 0, 1) })],
    ['transition[1]', filterWith({ transition: sparseRowsOf(bad, 2, 2) })],
    ['transition[0][1]', filterWith({ transition: sparseRowsOf(Float64Array.of(0, -1, 0, 1), 2, 2) })],
    ['transition', filterWith({ transition: sparseRowsOf(new Float64Array(9).fill(1 / 3), 3, 3) })],
    ['transition', filterWith({ transition: [] })],
    ['transition[0][1]', filterWith({ transition: [bad] })],
    ['transition[0]', filterWith({ transition: [Float64Array.of(1)] })],
    ['transition[1][1]', filterWith({ transition: [matrix, bad] }, new Float64Array(6))],
    ['logLikelihoods', filterWith({}, new Float64Array(0))],
    ['logLikelihoods', filterWith({}, new Float64Array(3))],
    ['logLikelihoods[1][0]', filterWith({}, Float64Array.of(0, 0, Number.NaN, 0))],
    ['logLikelihoods[0][1]', filterWith({}, Float64Array.of(0, Infinity, 0, 0))],
    ['lag', () => hmmFixedLagSmooth(model, missing, -1)],
    ['lag', () => new OnlineHmmFilter(model, { lag: 0.5 })],
    ['logLikelihoods', () => new OnlineHmmFilter(model).push(missing)],
    ['logLikelihoods[1]', () => new OnlineHmmFilter(model).push(Float64Array.of(0, Number.NaN))],
    ['transition', () => hmmExpectedTransitions({ ...model, transition: [matrix] }, missing)],
    ['draws', () => sampleHmmPosterior(model, missing, 0, Rng.fromSeed(1))],
    ['steps', () => sampleHmm({ ...model, emission: gaussian }, 0, Rng.fromSeed(1))],
    ['transition', () => sampleHmm({ ...model, transition: [], emission: gaussian }, 2, Rng.fromSeed(1))],
    ['steps', () => forecastHmm(model, hmmFilter(model, missing), 0)],
    ['emission.probs', score({ ...categorical, probs: matrix.subarray(1) }, [0])],
    ['emission.probs[1]', score({ ...categorical, probs: bad }, [0])],
    ['emission.symbolCount', score({ ...categorical, symbolCount: 0 }, [0])],
    ['emission.stds[0]', score({ ...gaussian, stds: Float64Array.of(0, 1) }, [0])],
    ['emission.stds', score({ ...gaussian, stds: Float64Array.of(1) }, [0])],
    ['emission.means[1]', score({ ...gaussian, means: Float64Array.of(0, Infinity) }, [0])],
    ['observations[3]', score(categorical, [0, 1, null, 2])],
    ['observations[0]', score(categorical, [0.5])],
    ['observations[1]', score(gaussian, [0, Number.NaN])],
    ['observations', score(gaussian, [])],
    ['sequences[1]', fit([[1], []])],
    ['emission.means', score({ ...gaussian, means: new Float64Array(0) }, [0])],
    ['emission.probs', score({ ...categorical, probs: new Float64Array(0) }, [0])],
    ['sequences', fit([])],
    ['sequences[1][0]', fit([[0], [Infinity]])],
    [
      'sequences[0]',
      fit(
        [[0, 1]],
        {},
        {
          transition: identity,
          emission: { ...categorical, probs: identity },
          initial: Float64Array.of(0, 1),
        },
      ),
    ],
    ['maxIterations', fit([[0]], { maxIterations: 0 })],
    ['tolerance', fit([[0]], { tolerance: -1 })],
    ['varianceFloor', fit([[0]], { varianceFloor: Number.NaN })],
    ['relativeVarianceFloor', fit([[0]], { relativeVarianceFloor: -1 })],
    ['emission.stds[0]', fit([[0]], { varianceFloor: 4 })],
    ['emission.means', fit([[0]], {}, { emission: { ...gaussian, means: Float64Array.of(0) } })],
    ['parameters[1]', fit([[0]], { parameters: ['initial', 'emissions'] })],
    ['parameters[0]', fit([[0, 1]], { parameters: ['transition'] }, { transition: [matrix] })],
  ])('%s (case %#)', (field, act) => {
    expect(fieldOf(act)).toBe(field);
  });
});

describe('the online filter', () => {
  it('ends where a time-varying model does', () => {
    const online = new OnlineHmmFilter({ ...model, transition: [matrix] });
    online.push(Float64Array.of(0, -1));
    expect(online.predicted).not.toBeNull();
    online.push(Float64Array.of(0, -1));
    expect(online.filtered).not.toBeNull();
    expect(fieldOf(() => online.predicted)).toBe('transition');
    expect(fieldOf(() => online.push(Float64Array.of(0, 0)))).toBe('transition');
    expect(online.count).toBe(2);
  });

  it('stays impossible', () => {
    const online = new OnlineHmmFilter({ ...model, transition: Float64Array.of(1, 0, 0, 1) }, { lag: 1 });
    expect(online.filtered).toBeNull();
    online.push(Float64Array.of(0, -Infinity));
    online.push(Float64Array.of(-Infinity, 0));
    for (let i = 0; i < 2; i++) {
      expect([online.logLikelihood, online.filtered, online.predicted, online.smoothed]).toEqual([
        -Infinity,
        null,
        null,
        null,
      ]);
      online.push(Float64Array.of(0, 0));
    }
  });
});
