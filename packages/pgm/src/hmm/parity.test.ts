import { describe, expect, it } from 'vitest';
import { emissionLogLikelihoods, type HmmEmission } from './emission.js';
import dynamaxFixture from './fixtures/dynamax.json' with { type: 'json' };
import hmmlearnFixture from './fixtures/hmmlearn.json' with { type: 'json' };
import { hmmSmooth } from './smooth.js';
import { hmmViterbi } from './viterbi.js';

/** Written by apps/lab/peers/pgm_fixtures.py. */
interface Model {
  readonly initial: number[];
  readonly transition: number[][];
  readonly emission:
    | { readonly kind: 'categorical'; readonly probs: number[][] }
    | { readonly kind: 'gaussian'; readonly means: number[]; readonly stds: number[] }
    | { readonly kind: 'logLikelihoods'; readonly values: number[][] };
  readonly observations: number[];
  readonly answer: {
    readonly logLikelihood: number;
    readonly filtered?: number[][];
    readonly predicted?: number[][];
    readonly smoothed: number[][];
    readonly viterbi: { readonly path: number[]; readonly logProbability?: number };
  };
}

function logLikelihoodsOf({ emission, observations }: Model): Float64Array {
  if (emission.kind === 'logLikelihoods') return Float64Array.from(emission.values.flat());
  const read: HmmEmission =
    emission.kind === 'categorical'
      ? {
          kind: 'categorical',
          symbolCount: emission.probs[0]!.length,
          probs: Float64Array.from(emission.probs.flat()),
        }
      : {
          kind: 'gaussian',
          means: Float64Array.from(emission.means),
          stds: Float64Array.from(emission.stds),
        };
  return emissionLogLikelihoods(read, observations);
}

function expectClose(actual: Float64Array | null, expected: number[][], tolerance: number): void {
  const flat = expected.flat();
  expect(actual).toHaveLength(flat.length);
  flat.forEach((value, i) => {
    expect(Math.abs(actual![i]! - value)).toBeLessThanOrEqual(tolerance);
  });
}

// dynamax leaves states of less than 1e-8 out of its smoother, so that its rows are right to about that.
describe.each([
  ['hmmlearn', hmmlearnFixture.models as unknown as readonly Model[], 40, 1e-12],
  ['dynamax', dynamaxFixture.models as unknown as readonly Model[], 20, 1e-8],
])('the answers of %s', (_peer, models, count, smoothedTolerance) => {
  it(`are there for ${count} random models`, () => {
    expect(models).toHaveLength(count);
  });

  it.each(models.map((model, i) => [i, model] as const))('model %i', (_i, model) => {
    const { answer } = model;
    const hmm = {
      initial: Float64Array.from(model.initial),
      transition: Float64Array.from(model.transition.flat()),
    };
    const logLikelihoods = logLikelihoodsOf(model);
    const { logLikelihood, filtered, predicted, smoothed } = hmmSmooth(hmm, logLikelihoods);
    const scale = Math.max(1, Math.abs(answer.logLikelihood));
    expect(Math.abs(logLikelihood - answer.logLikelihood)).toBeLessThanOrEqual(1e-12 * scale);
    expectClose(smoothed, answer.smoothed, smoothedTolerance);
    if (answer.filtered !== undefined) expectClose(filtered, answer.filtered, 1e-12);
    if (answer.predicted !== undefined) expectClose(predicted, answer.predicted, 1e-12);
    const { path, logProb } = hmmViterbi(hmm, logLikelihoods);
    expect(Array.from(path!)).toEqual(answer.viterbi.path);
    if (answer.viterbi.logProbability !== undefined) {
      expect(Math.abs(logProb - answer.viterbi.logProbability)).toBeLessThanOrEqual(1e-12 * scale);
    }
  });
});
