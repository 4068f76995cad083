import { Rng, sparseRowsOf } from '@maxent/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hmmFilter } from './filter.js';
import { forecastHmm } from './forecast.js';
import { OnlineHmmFilter } from './online-filter.js';
import { hmmExpectedTransitions, hmmPairwiseMarginals } from './pairwise.js';
import { hmmFixedLagSmooth, hmmSmooth } from './smooth.js';
import { type Case, randomCase } from './test-support/random-hmm.js';
import { hmmTwoFilterSmooth } from './two-filter-smooth.js';
import { hmmViterbi } from './viterbi.js';

type Rows = Float64Array | Int32Array | null;

function expectRowsClose(actual: Rows, expected: Rows, tolerance = 1e-10): void {
  expect(actual === null).toBe(expected === null);
  expect(actual?.length).toBe(expected?.length);
  actual?.forEach((value, i) => {
    expect(Math.abs(value - expected![i]!)).toBeLessThanOrEqual(tolerance);
  });
}

/** Sizes around the unrolled loops' steps, prime ones among them. */
const cases = fc
  .record({
    seed: fc.nat(),
    K: fc.integer({ min: 1, max: 19 }),
    T: fc.integer({ min: 1, max: 13 }),
    zeros: fc.constantFrom(0, 0.3),
    decades: fc.constantFrom(1, 100),
    scale: fc.constantFrom(1, 30, 300),
  })
  .map(({ seed, K, T, ...options }) => ({ ...randomCase(Rng.fromSeed(seed), K, T, options), K, T }));

function holds(property: (testCase: Case & { K: number; T: number }) => void): void {
  fc.assert(fc.property(cases, property), { seed: 5, numRuns: 150 });
}

const dense = (testCase: Case) => testCase.model.transition as Float64Array;

describe('any model', () => {
  it('is the same with states renamed', () => {
    holds(({ model, logLikelihoods, K, T }) => {
      const nameOf = Rng.fromSeed(K + 31 * T).shuffle(Array.from({ length: K }, (_, k) => k));
      const renamed = (rows: Float64Array, rowCount: number) =>
        rows.map((_, i) => rows[Math.floor(i / K) * K + nameOf[i % K]!]!).subarray(0, rowCount * K);
      const columns = renamed(model.transition as Float64Array, K);
      const other = {
        initial: renamed(model.initial, 1),
        transition: columns.map((_, i) => columns[nameOf[Math.floor(i / K)]! * K + (i % K)]!),
      };
      const first = hmmSmooth(model, logLikelihoods);
      const second = hmmSmooth(other, renamed(logLikelihoods, T));
      if (first.smoothed === null) {
        expect(second.smoothed).toBeNull();
        return;
      }
      expectRowsClose(second.filtered, renamed(first.filtered!, T));
      expectRowsClose(second.predicted, renamed(first.predicted!, T));
      expectRowsClose(second.smoothed, renamed(first.smoothed, T));
      const { path, logProb } = hmmViterbi(model, logLikelihoods);
      const best = hmmViterbi(other, renamed(logLikelihoods, T));
      expect(best.logProb).toBeCloseTo(logProb, 8);
      if (K < 8) expect([...best.path!].map((k) => nameOf[k])).toEqual([...path!]);
    });
  });

  it('is the same with a sparse transition, and with a copy of it for each step', () => {
    holds((testCase) => {
      const { model, logLikelihoods, K, T } = testCase;
      const sparse = { ...model, transition: sparseRowsOf(dense(testCase), K, K) };
      const varying = {
        ...model,
        transition: Array.from({ length: T - 1 }, (_, t) =>
          t % 2 === 0 ? dense(testCase) : sparse.transition,
        ),
      };
      const expected = hmmTwoFilterSmooth(model, logLikelihoods);
      for (const other of [sparse, varying]) {
        const actual = hmmTwoFilterSmooth(other, logLikelihoods);
        expect(actual.logLikelihood).toBeCloseTo(expected.logLikelihood, 8);
        expectRowsClose(actual.filtered, expected.filtered);
        expectRowsClose(actual.predicted, expected.predicted);
        expectRowsClose(actual.smoothed, expected.smoothed);
        expectRowsClose(hmmSmooth(other, logLikelihoods).smoothed, expected.smoothed);
        expect(hmmViterbi(other, logLikelihoods)).toEqual(hmmViterbi(model, logLikelihoods));
      }
    });
  });

  it('has fixed-lag answers between the filter and the smoother, which the online filter repeats', () => {
    holds(({ model, logLikelihoods, K, T }) => {
      const { filtered, smoothed, predicted, logLikelihood } = hmmSmooth(model, logLikelihoods);
      expectRowsClose(hmmFixedLagSmooth(model, logLikelihoods, 0).smoothed, filtered, 0);
      expectRowsClose(hmmFixedLagSmooth(model, logLikelihoods, T).smoothed, smoothed, 0);
      const lag = 2;
      const lagged = hmmFixedLagSmooth(model, logLikelihoods, lag).smoothed;
      const online = new OnlineHmmFilter(model, { lag });
      for (let t = 0; t < T && logLikelihood > -Infinity; t++) {
        expectRowsClose(online.predicted, predicted!.subarray(t * K, (t + 1) * K), 0);
        online.push(logLikelihoods.subarray(t * K, (t + 1) * K));
        expectRowsClose(online.filtered, filtered!.subarray(t * K, (t + 1) * K), 0);
        if (t < lag) expect(online.smoothed).toBeNull();
        else expectRowsClose(online.smoothed, lagged!.subarray((t - lag) * K, (t - lag + 1) * K), 1e-14);
      }
      if (logLikelihood > -Infinity) expect(online.logLikelihood).toBe(logLikelihood);
    });
  });

  it('has pairwise marginals with the smoothed distributions as their margins', () => {
    holds(({ model, logLikelihoods, K }) => {
      const { smoothed } = hmmSmooth(model, logLikelihoods);
      const { pairwise } = hmmPairwiseMarginals(model, logLikelihoods);
      const { counts } = hmmExpectedTransitions(model, logLikelihoods);
      const sum = new Float64Array(K * K);
      pairwise?.forEach((values, t) => {
        const rows = new Float64Array(K);
        const columns = new Float64Array(K);
        values.forEach((value, i) => {
          rows[Math.floor(i / K)]! += value;
          columns[i % K]! += value;
          sum[i]! += value;
        });
        expectRowsClose(rows, smoothed!.subarray(t * K, (t + 1) * K));
        expectRowsClose(columns, smoothed!.subarray((t + 1) * K, (t + 2) * K));
      });
      if (pairwise !== null) expectRowsClose(counts, sum);
    });
  });

  it('moves only its evidence when a constant is added to a row of log-likelihoods', () => {
    holds(({ model, logLikelihoods, K, T }) => {
      const shifted = logLikelihoods.map((value, i) => value + 1000 * Math.cos(Math.floor(i / K)));
      const total = Array.from({ length: T }, (_, t) => 1000 * Math.cos(t)).reduce((a, b) => a + b);
      const first = hmmSmooth(model, logLikelihoods);
      const second = hmmSmooth(model, shifted);
      if (first.logLikelihood > -Infinity) {
        expect(second.logLikelihood - total).toBeCloseTo(first.logLikelihood, 8);
      }
      expectRowsClose(second.smoothed, first.smoothed, 1e-9);
    });
  });

  it('forecasts what it would filter if nothing more were observed', () => {
    holds(({ model, logLikelihoods, K, T }) => {
      const withoutEnd = new Float64Array((T + 3) * K);
      withoutEnd.set(logLikelihoods);
      const { filtered } = hmmFilter(model, withoutEnd);
      const forecast = forecastHmm(model, hmmFilter(model, logLikelihoods), 3);
      expectRowsClose(forecast, filtered?.subarray(T * K) ?? null);
    });
  });
});
