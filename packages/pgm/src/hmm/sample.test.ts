import { Rng, sparseRowsOf } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { type EmittingHiddenMarkovModel, emissionLogLikelihoods } from './emission.js';
import { hmmPairwiseMarginals } from './pairwise.js';
import { sampleHmm } from './sample.js';
import { sampleHmmPosterior } from './sample-posterior.js';
import { hmmSmooth } from './smooth.js';

const transition = Float64Array.of(0.7, 0.3, 0, 0.1, 0.6, 0.3, 0.5, 0, 0.5);
const gaussian: EmittingHiddenMarkovModel = {
  initial: Float64Array.of(0.2, 0.3, 0.5),
  transition,
  emission: { kind: 'gaussian', means: Float64Array.of(-1, 0, 2), stds: Float64Array.of(0.5, 1, 0.1) },
};
const categorical: EmittingHiddenMarkovModel = {
  ...gaussian,
  transition: sparseRowsOf(transition, 3, 3),
  emission: {
    kind: 'categorical',
    symbolCount: 2,
    probs: Float64Array.of(0.9, 0.1, 0.5, 0.5, 0.2, 0.8),
  },
};

/** A frequency is within 6 standard errors of its probability; never is never. */
function expectFrequency(count: number, of: number, probability: number): void {
  const error = Math.sqrt((probability * (1 - probability)) / of);
  expect(Math.abs(count / of - probability)).toBeLessThanOrEqual(6 * error);
}

describe('sampleHmm', () => {
  it.each([
    ['dense', gaussian],
    ['sparse', categorical],
  ])('starts and moves as the %s model says', (_name, model) => {
    const runs = 4000;
    const starts = [0, 0, 0];
    const moves = new Float64Array(9);
    const rng = Rng.fromSeed(2);
    for (let run = 0; run < runs; run++) {
      const { states } = sampleHmm(model, 6, rng);
      starts[states[0]!]! += 1;
      for (let t = 1; t < 6; t++) moves[states[t - 1]! * 3 + states[t]!]! += 1;
    }
    starts.forEach((count, k) => {
      expectFrequency(count, runs, model.initial[k]!);
    });
    moves.forEach((count, i) => {
      const row = Math.floor(i / 3) * 3;
      expectFrequency(count, moves[row]! + moves[row + 1]! + moves[row + 2]!, transition[i]!);
    });
  });

  it('emits symbols as the state says', () => {
    const { states, observations } = sampleHmm(categorical, 20_000, Rng.fromSeed(3));
    [0.1, 0.5, 0.8].forEach((probability, k) => {
      const emitted = observations.filter((_, t) => states[t] === k);
      expectFrequency(
        emitted.reduce((a, b) => a + b, 0),
        emitted.length,
        probability,
      );
    });
  });

  it('emits numbers as the state says', () => {
    const { states, observations } = sampleHmm(gaussian, 20_000, Rng.fromSeed(3));
    if (gaussian.emission.kind !== 'gaussian') expect.fail();
    const { means, stds } = gaussian.emission;
    means.forEach((mean, k) => {
      const emitted = observations.filter((_, t) => states[t] === k);
      const average = emitted.reduce((a, b) => a + b, 0) / emitted.length;
      const variance = emitted.reduce((a, b) => a + (b - average) ** 2, 0) / emitted.length;
      const { length } = emitted;
      expect(Math.abs(average - mean)).toBeLessThan((6 * stds[k]!) / Math.sqrt(length));
      expect(Math.abs(variance / stds[k]! ** 2 - 1)).toBeLessThan(6 * Math.sqrt(2 / length));
    });
  });

  it('follows a transition that varies over time', () => {
    const swap = Float64Array.of(0, 1, 1, 0);
    const stay = Float64Array.of(1, 0, 0, 1);
    const model = {
      initial: Float64Array.of(1, 0),
      transition: [swap, stay, swap],
      emission: { kind: 'categorical', symbolCount: 2, probs: stay } as const,
    };
    const { states, observations } = sampleHmm(model, 4, Rng.fromSeed(1));
    expect([...states]).toEqual([0, 1, 1, 0]);
    expect([...observations]).toEqual([0, 1, 1, 0]);
  });
});

describe('sampleHmmPosterior', () => {
  it.each([
    ['dense', gaussian, [-0.5, null, 1.9, 0.3, null, 0.2]],
    ['sparse', categorical, [0, 1, null, 1, 1, 0]],
  ] as const)(
    'draws single states and pairs as often as their marginals say, %s',
    (_name, model, observations) => {
      const logLikelihoods = emissionLogLikelihoods(model.emission, observations);
      const draws = 20_000;
      const { paths, logLikelihood } = sampleHmmPosterior(model, logLikelihoods, draws, Rng.fromSeed(7));
      const expected = hmmSmooth(model, logLikelihoods);
      expect(logLikelihood).toBe(expected.logLikelihood);
      const singles = new Float64Array(18);
      const pairs = new Float64Array(45);
      paths!.forEach((state, i) => {
        const t = i % 6;
        singles[t * 3 + state]! += 1;
        if (t > 0) pairs[(t - 1) * 9 + paths![i - 1]! * 3 + state]! += 1;
      });
      singles.forEach((count, i) => {
        expectFrequency(count, draws, expected.smoothed![i]!);
      });
      const { pairwise } = hmmPairwiseMarginals({ ...model, transition }, logLikelihoods);
      pairs.forEach((count, i) => {
        expectFrequency(count, draws, pairwise![Math.floor(i / 9)]![i % 9]!);
      });
    },
  );

  it('draws the same first path however many are asked for', () => {
    const logLikelihoods = emissionLogLikelihoods(gaussian.emission, [0, 1, 2, 0.5, -1]);
    const draw = (draws: number) =>
      sampleHmmPosterior(gaussian, logLikelihoods, draws, Rng.fromSeed(9)).paths!;
    expect([...draw(3).subarray(0, 5)]).toEqual([...draw(1)]);
  });
});
