import { denseOf, Rng, type SparseRows, sparseRowsOf } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import type { EmittingHiddenMarkovModel, GaussianEmission, HmmObservations } from './emission.js';
import { fitHmm } from './fit.js';
import { sampleHmm } from './sample.js';
import { randomDistribution } from './test-support/random-hmm.js';

function randomRows(rng: Rng, rowCount: number, columnCount: number, zeros = 0): Float64Array {
  const rows = Array.from({ length: rowCount }, () => [...randomDistribution(rng, columnCount, zeros, 1)]);
  return Float64Array.from(rows.flat());
}

function expectMonotone(logLikelihoods: Float64Array): void {
  expect(logLikelihoods.length).toBeGreaterThan(2);
  for (let i = 1; i < logLikelihoods.length; i++) {
    const rounding = 1e-11 * Math.abs(logLikelihoods[i]!);
    expect(logLikelihoods[i]! - logLikelihoods[i - 1]!).toBeGreaterThanOrEqual(-rounding);
  }
}

/** Some of the observations removed. */
function withGaps(observations: Float64Array, rng: Rng): HmmObservations {
  return Array.from(observations, (value) => (rng.uniform() < 0.2 ? null : value));
}

const truth: EmittingHiddenMarkovModel = {
  initial: Float64Array.of(0.5, 0.5),
  transition: Float64Array.of(0.9, 0.1, 0.2, 0.8),
  emission: { kind: 'gaussian', means: Float64Array.of(-1, 3), stds: Float64Array.of(0.5, 1) },
};

describe('fitHmm', () => {
  it.each([1, 2, 3, 4, 5, 6])(
    'never lowers the likelihood of ragged categorical data with gaps (seed %i)',
    (seed) => {
      const rng = Rng.fromSeed(seed);
      const model = (sparse: boolean): EmittingHiddenMarkovModel => {
        const dense = randomRows(rng, 3, 3, sparse ? 0.4 : 0);
        return {
          initial: randomRows(rng, 1, 3),
          transition: sparse ? sparseRowsOf(dense, 3, 3) : dense,
          emission: { kind: 'categorical', symbolCount: 4, probs: randomRows(rng, 3, 4) },
        };
      };
      const source = model(false);
      const sequences = [30, 1, 7, 50].map((length) =>
        withGaps(sampleHmm(source, length, rng).observations, rng),
      );
      const fit = fitHmm(model(seed % 2 === 0), sequences, { maxIterations: 60, tolerance: 0 });
      expectMonotone(fit.logLikelihoods);
      // The reported value is that of the reported model.
      const again = fitHmm(fit.model, sequences, { maxIterations: 1 });
      expect(again.logLikelihoods[0]).toBeCloseTo(fit.logLikelihoods.at(-1)!, 9);
    },
  );

  it.each([1, 2, 3, 4])('never lowers the likelihood of ragged Gaussian data with gaps (seed %i)', (seed) => {
    const rng = Rng.fromSeed(seed);
    const sequences = [40, 3, 25].map((length) => withGaps(sampleHmm(truth, length, rng).observations, rng));
    const start: EmittingHiddenMarkovModel = {
      initial: Float64Array.of(0.6, 0.2, 0.2),
      transition: randomRows(rng, 3, 3),
      emission: { kind: 'gaussian', means: Float64Array.of(-2, 0, 2), stds: Float64Array.of(1, 1, 1) },
    };
    expectMonotone(
      fitHmm(start, sequences, { maxIterations: 80, tolerance: 0, varianceFloor: 0.05 }).logLikelihoods,
    );
  });

  it('finds the parameters that made the data', () => {
    const rng = Rng.fromSeed(5);
    const sequences = Array.from({ length: 40 }, () => sampleHmm(truth, 200, rng).observations);
    const start: EmittingHiddenMarkovModel = {
      initial: Float64Array.of(0.5, 0.5),
      transition: Float64Array.of(0.5, 0.5, 0.5, 0.5),
      emission: { kind: 'gaussian', means: Float64Array.of(0, 1), stds: Float64Array.of(2, 2) },
    };
    const { model, converged, logLikelihoods } = fitHmm(start, sequences);
    expect(converged).toBe(true);
    expect(logLikelihoods.length).toBeLessThan(100);
    const { means, stds } = model.emission as GaussianEmission;
    expect(means[0]).toBeCloseTo(-1, 1);
    expect(means[1]).toBeCloseTo(3, 1);
    expect(stds[0]).toBeCloseTo(0.5, 1);
    expect(stds[1]).toBeCloseTo(1, 1);
    // 8,000 steps, of which a third leave state 1: standard errors below 0.01.
    expect(Math.abs((model.transition as Float64Array)[1]! - 0.1)).toBeLessThan(0.03);
    expect(Math.abs((model.transition as Float64Array)[2]! - 0.2)).toBeLessThan(0.05);
  });

  it('counts where the states can be seen', () => {
    // Perfect sensors: the maximum-likelihood estimate is a table of frequencies.
    const start: EmittingHiddenMarkovModel = {
      initial: Float64Array.of(0.5, 0.5),
      transition: Float64Array.of(0.5, 0.5, 0.5, 0.5),
      emission: { kind: 'categorical', symbolCount: 2, probs: Float64Array.of(1, 0, 0, 1) },
    };
    const { model, converged } = fitHmm(start, [
      [0, 0, 0, 1],
      [1, 0, 0],
      [0, 1, 1, 0, 0],
    ]);
    expect(converged).toBe(true);
    expect(Array.from(model.initial)).toEqual([expect.closeTo(2 / 3, 12), expect.closeTo(1 / 3, 12)]);
    const rows = [4 / 6, 2 / 6, 2 / 3, 1 / 3];
    expect(Array.from(model.transition as Float64Array)).toEqual(rows.map((p) => expect.closeTo(p, 12)));
  });

  it('estimates only what it is asked to', () => {
    const { observations } = sampleHmm(truth, 100, Rng.fromSeed(1));
    const start: EmittingHiddenMarkovModel = { ...truth, transition: Float64Array.of(0.5, 0.5, 0.5, 0.5) };
    const { model } = fitHmm(start, [observations], { parameters: ['transition'] });
    expect(model.initial).toEqual(start.initial);
    expect(model.emission).toEqual(start.emission);
    expect(model.transition).not.toEqual(start.transition);
  });

  it('keeps the rows of states that are never visited', () => {
    const start: EmittingHiddenMarkovModel = {
      initial: Float64Array.of(1, 0, 0),
      transition: Float64Array.of(0.5, 0.5, 0, 0.5, 0.5, 0, 0.2, 0.3, 0.5),
      emission: {
        kind: 'categorical',
        symbolCount: 2,
        probs: Float64Array.of(0.9, 0.1, 0.2, 0.8, 0.6, 0.4),
      },
    };
    const { model } = fitHmm(start, [[0, 1, 1, 0, 0, 1]]);
    const matrix = model.transition as Float64Array;
    expect([...matrix.subarray(6)]).toEqual([0.2, 0.3, 0.5]);
    if (model.emission.kind !== 'categorical') expect.fail();
    expect([...model.emission.probs.subarray(4)]).toEqual([0.6, 0.4]);
    expect(matrix.every(Number.isFinite)).toBe(true);
  });

  it('keeps the row of a state that is visited last only, and emissions of which nothing was observed', () => {
    const start: EmittingHiddenMarkovModel = {
      initial: Float64Array.of(1, 0),
      transition: Float64Array.of(0, 1, 0.3, 0.7),
      emission: { kind: 'gaussian', means: Float64Array.of(0, 5), stds: Float64Array.of(1, 2) },
    };
    const { model } = fitHmm(start, [
      [0.5, null],
      [1.5, null],
    ]);
    expect([...(model.transition as Float64Array)]).toEqual([0, 1, 0.3, 0.7]);
    expect(model.emission).toEqual({
      kind: 'gaussian',
      means: Float64Array.of(1, 5),
      stds: Float64Array.of(0.5, 2),
    });
  });

  it('stops variances at the floor', () => {
    const start: EmittingHiddenMarkovModel = { ...truth, initial: Float64Array.of(1, 0) };
    const { model, logLikelihoods } = fitHmm(start, [[-1, -1, -1, 3, 3]], { varianceFloor: 0.01 });
    const { means, stds } = model.emission as GaussianEmission;
    [-1, 3].forEach((mean, k) => {
      expect(means[k]).toBeCloseTo(mean, 10);
      expect(stds[k]).toBeCloseTo(0.1, 10);
    });
    expectMonotone(logLikelihoods);
  });

  it('keeps a far offset of the data apart from its spread', () => {
    const offset = 1e8;
    const start: EmittingHiddenMarkovModel = {
      initial: Float64Array.of(1),
      transition: Float64Array.of(1),
      emission: { kind: 'gaussian', means: Float64Array.of(offset), stds: Float64Array.of(1) },
    };
    const { model } = fitHmm(start, [[offset - 1, offset, offset + 1]]);
    expect((model.emission as GaussianEmission).stds[0]).toBeCloseTo(Math.sqrt(2 / 3), 6);
  });

  it('keeps the entries of a sparse transition', () => {
    const dense = Float64Array.of(0.5, 0.5, 0, 0, 0.5, 0.5, 0.5, 0, 0.5);
    const start: EmittingHiddenMarkovModel = {
      initial: Float64Array.of(1, 0, 0),
      transition: sparseRowsOf(dense, 3, 3),
      emission: {
        kind: 'categorical',
        symbolCount: 3,
        probs: Float64Array.of(0.8, 0.1, 0.1, 0.1, 0.8, 0.1, 0.1, 0.1, 0.8),
      },
    };
    const sequences = [[0, 0, 1, 2, 2, 0, 1, 1, 2, 0]];
    const sparse = fitHmm(start, sequences).model.transition as SparseRows;
    const full = fitHmm({ ...start, transition: dense }, sequences).model.transition as Float64Array;
    expect(sparse.columns).toEqual((start.transition as SparseRows).columns);
    denseOf(sparse).forEach((value, i) => {
      expect(value).toBeCloseTo(full[i]!, 10);
    });
  });

  it('leaves a transition that varies over time alone', () => {
    const matrix = Float64Array.of(0.9, 0.1, 0.2, 0.8);
    const start = { ...truth, transition: [matrix, matrix, matrix] };
    const sequences = [
      [-1, 3, 2],
      [-1.5, 3.5, 1, 0],
    ];
    const fit = fitHmm(start, sequences);
    expect(fit.model.transition).toBe(start.transition);
    const stationary = fitHmm({ ...truth, transition: matrix }, sequences, {
      parameters: ['initial', 'emission'],
    });
    expect(fit.model.emission).toEqual(stationary.model.emission);
  });
});
