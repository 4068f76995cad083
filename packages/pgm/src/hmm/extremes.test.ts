import { Rng, sparseRowsOf } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { logSumExp } from '../numerics/log-sum-exp.js';
import { hmmFilter } from './filter.js';
import { OnlineHmmFilter } from './online-filter.js';
import { hmmExpectedTransitions, hmmPairwiseMarginals } from './pairwise.js';
import { sampleHmmPosterior } from './sample-posterior.js';
import { hmmFixedLagSmooth, hmmSmooth } from './smooth.js';
import { randomCase } from './test-support/random-hmm.js';
import { hmmTwoFilterSmooth } from './two-filter-smooth.js';
import { hmmViterbi } from './viterbi.js';

const IDENTITY = Float64Array.of(1, 0, 0, 1);

describe('evidence that the best-likelihood state does not explain', () => {
  it('of a state that is certain by the prior is its own likelihood, not 0', () => {
    const model = { initial: Float64Array.of(1, 0), transition: IDENTITY };
    const { logLikelihood, filtered } = hmmFilter(model, Float64Array.of(-200, 0));
    expect(logLikelihood).toBe(-200);
    expect([...filtered!]).toEqual([1, 0]);
  });

  it('keeps a prior of 1e-30', () => {
    const model = { initial: Float64Array.of(1 - 1e-30, 1e-30), transition: IDENTITY };
    const { logLikelihood, filtered } = hmmFilter(model, Float64Array.of(-200, 0));
    expect(logLikelihood).toBeCloseTo(Math.log(1e-30), 10);
    expect(logLikelihood).toBeCloseTo(-69.0776, 4);
    expect(filtered![0]! / (Math.exp(-200) / 1e-30)).toBeCloseTo(1, 10);
  });

  it('keeps a prior of 1e-320, which is below the smallest normal double', () => {
    const model = { initial: Float64Array.of(1, 1e-320), transition: IDENTITY };
    const logPrior = Math.log(1e-320);
    const { logLikelihood, filtered } = hmmFilter(model, Float64Array.of(-2000, -500));
    expect(logLikelihood).toBeCloseTo(logPrior - 500, 10);
    expect([...filtered!]).toEqual([0, 1]);
  });

  it('brings back a state whose probability was exp(-3000) in between', () => {
    const model = { initial: Float64Array.of(0.5, 0.5), transition: IDENTITY };
    const logLikelihoods = Float64Array.of(0, -1500, 0, -1500, -3000, 0, 0, 1);
    const { logLikelihood, filtered, predicted, smoothed } = hmmSmooth(model, logLikelihoods);
    const odds = Math.E;
    expect(logLikelihood).toBeCloseTo(Math.log(0.5) - 3000 + Math.log(1 + odds), 9);
    expect([...filtered!.subarray(2, 4)]).toEqual([1, 0]);
    expect([...predicted!.subarray(4, 6)]).toEqual([1, 0]);
    for (const values of [smoothed!, hmmTwoFilterSmooth(model, logLikelihoods).smoothed!]) {
      for (let t = 0; t < 4; t++) expect(values[2 * t + 1]).toBeCloseTo(odds / (1 + odds), 10);
    }
    const { pairwise } = hmmPairwiseMarginals(model, logLikelihoods);
    expect(pairwise!.map((values) => values[3])).toEqual(
      Array.from({ length: 3 }, () => expect.closeTo(odds / (1 + odds), 10)),
    );
    const online = new OnlineHmmFilter(model, { lag: 3 });
    for (let t = 0; t < 4; t++) online.push(logLikelihoods.subarray(2 * t, 2 * t + 2));
    expect(online.smoothed![1]).toBeCloseTo(odds / (1 + odds), 10);
    const { paths } = sampleHmmPosterior(model, logLikelihoods, 4000, Rng.fromSeed(1));
    const ones = paths!.filter((_, i) => i % 4 === 0).reduce((sum, state) => sum + state, 0);
    const p = odds / (1 + odds);
    expect(Math.abs(ones / 4000 - p)).toBeLessThan(6 * Math.sqrt((p * (1 - p)) / 4000));
    expect([...hmmViterbi(model, logLikelihoods).path!]).toEqual([1, 1, 1, 1]);
  });

  it('follows two rare transitions whose product is below every double', () => {
    const rare = 1e-200;
    const transition = Float64Array.of(1, rare, 0, 0, 1, rare, 0, 0, 1);
    const model = { initial: Float64Array.of(1, 0, 0), transition };
    // The last observation is possible in state 2 only.
    const logLikelihoods = Float64Array.of(0, 0, 0, 0, 0, 0, -Infinity, -Infinity, 0);
    const { logLikelihood, smoothed } = hmmSmooth(model, logLikelihoods);
    expect(logLikelihood).toBeCloseTo(2 * Math.log(rare), 9);
    expect([...smoothed!].map((p) => Number(p.toFixed(12)))).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    for (const same of [
      hmmSmooth({ ...model, transition: sparseRowsOf(transition, 3, 3) }, logLikelihoods),
      hmmTwoFilterSmooth(model, logLikelihoods),
    ]) {
      expect(same.logLikelihood).toBeCloseTo(2 * Math.log(rare), 9);
      expect([...same.smoothed!].map((p) => Number(p.toFixed(12)))).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    }
    const { counts } = hmmExpectedTransitions(model, logLikelihoods);
    expect([...counts!].map((n) => Number(n.toFixed(12)))).toEqual([0, 1, 0, 0, 0, 1, 0, 0, 0]);
  });
});

describe('impossible evidence', () => {
  const model = { initial: Float64Array.of(1, 0), transition: IDENTITY };
  const cases = [
    ['at the first step', Float64Array.of(-Infinity, 0)],
    ['later', Float64Array.of(0, 0, 0, 0, -Infinity, 0, 0, 0)],
    ['for every state', Float64Array.of(0, 0, -Infinity, -Infinity)],
  ] as const;

  it.each(cases)('%s gives -Infinity and null', (_name, logLikelihoods) => {
    const none = { logLikelihood: -Infinity };
    const posterior = { ...none, filtered: null, predicted: null };
    expect(hmmFilter(model, logLikelihoods)).toEqual(posterior);
    expect(hmmSmooth(model, logLikelihoods)).toEqual({ ...posterior, smoothed: null });
    expect(hmmFixedLagSmooth(model, logLikelihoods, 1)).toEqual({ ...posterior, smoothed: null });
    expect(hmmTwoFilterSmooth(model, logLikelihoods)).toEqual({
      ...posterior,
      smoothed: null,
      backwardLogLikelihoods: null,
    });
    expect(hmmPairwiseMarginals(model, logLikelihoods)).toEqual({ ...none, pairwise: null });
    expect(hmmExpectedTransitions(model, logLikelihoods)).toEqual({ ...none, counts: null });
    expect(hmmViterbi(model, logLikelihoods)).toEqual({ path: null, logProb: -Infinity });
    expect(sampleHmmPosterior(model, logLikelihoods, 3, Rng.fromSeed(1))).toEqual({ ...none, paths: null });
  });
});

describe('long series', () => {
  it('of 10,000 steps over 100 states with likelihoods hundreds of nats apart stay exact', () => {
    const { model, logLikelihoods } = randomCase(Rng.fromSeed(4), 100, 10_000, { scale: 100 });
    const { logLikelihood, smoothed } = hmmSmooth(model, logLikelihoods);
    const other = hmmTwoFilterSmooth(model, logLikelihoods);
    // Another recursion from the other end finds the same evidence: sum_k pi_k p(y_0 | k) beta_0(k).
    const terms = model.initial.map(
      (p, k) => Math.log(p) + logLikelihoods[k]! + other.backwardLogLikelihoods![k]!,
    );
    expect(Math.abs(logSumExp(terms) / logLikelihood - 1)).toBeLessThan(1e-13);
    let worst = 0;
    smoothed!.forEach((p, i) => {
      worst = Math.max(worst, Math.abs(p - other.smoothed![i]!) / (p + 1e-300));
    });
    expect(worst).toBeLessThan(1e-8);
    const { logProb } = hmmViterbi(model, logLikelihoods);
    expect(logProb).toBeLessThanOrEqual(logLikelihood);
    expect(logProb).toBeGreaterThan(logLikelihood - 10_000 * Math.log(100));
  });

  it('of 100,000 steps with nothing observed keep the stationary distribution', () => {
    const model = { initial: Float64Array.of(4 / 7, 3 / 7), transition: Float64Array.of(0.7, 0.3, 0.4, 0.6) };
    const { logLikelihood, filtered, smoothed } = hmmSmooth(model, new Float64Array(200_000));
    expect(Math.abs(logLikelihood)).toBeLessThan(1e-10);
    for (const values of [filtered!, smoothed!]) {
      for (let t = 0; t < 100_000; t += 999) expect(values[2 * t]).toBeCloseTo(4 / 7, 12);
    }
  });

  it('of 100,000 steps have the evidence of a chain that can be summed by hand', () => {
    // States that never change: the evidence is that of two constant series.
    const model = { initial: Float64Array.of(0.5, 0.5), transition: IDENTITY };
    const logLikelihoods = Float64Array.from({ length: 200_000 }, (_, i) => (i % 2 === 0 ? -0.5 : -0.50001));
    const { logLikelihood, smoothed } = hmmSmooth(model, logLikelihoods);
    expect(logLikelihood).toBeCloseTo(Math.log(0.5) - 50_000 + Math.log1p(Math.exp(-1)), 5);
    expect(smoothed![0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 6);
    expect(smoothed![199_998]).toBeCloseTo(1 / (1 + Math.exp(-1)), 6);
  });
});
