import { denseOf, Rng } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { type HmmTransition, isTimeVarying } from './model.js';
import { hmmPairwiseMarginals } from './pairwise.js';
import { hmmFixedLagSmooth, hmmSmooth } from './smooth.js';
import { PathTable } from './test-support/enumerate-paths.js';
import { type CaseOptions, randomCase } from './test-support/random-hmm.js';
import { hmmTwoFilterSmooth } from './two-filter-smooth.js';
import { hmmViterbi } from './viterbi.js';

/** Agreement to 1e-10 relative; below the smallest normal double only the order of magnitude can be asked for. */
function expectClose(actual: number, expected: number, what: string): void {
  if (!(Math.abs(actual - expected) <= 1e-10 * Math.abs(expected) + 1e-300)) {
    expect.fail(`${what}: got ${actual}, expected ${expected}`);
  }
}

/** Logarithms of numbers that agree to 1e-10 relative. */
function expectLogsClose(actual: number, expected: number, what: string): void {
  if (actual === expected) return;
  if (!(Math.abs(actual - expected) <= 1e-10)) expect.fail(`${what}: got ${actual}, expected ${expected}`);
}

/** Values in the layout of step t's matrix, [K, K]. */
function denseEntries(transition: HmmTransition, t: number, values: Float64Array): Float64Array {
  const matrix = isTimeVarying(transition) ? transition[t]! : transition;
  return matrix instanceof Float64Array ? values : denseOf({ ...matrix, values });
}

const KINDS: readonly (readonly [string, CaseOptions])[] = [
  ['dense', {}],
  ['sparse with zeros', { layout: 'sparse', zeros: 0.5 }],
  ['time-varying with zeros', { layout: 'varying', zeros: 0.4 }],
  ['dense with zeros', { zeros: 0.5 }],
  ['with likelihoods hundreds of nats apart', { scale: 400, zeros: 0.3 }],
  ['with probabilities down to 1e-280', { decades: 280, scale: 300 }],
  ['with probabilities down to 1e-280, sparse', { decades: 280, scale: 600, zeros: 0.4, layout: 'sparse' }],
  [
    'with probabilities down to 1e-200, time-varying',
    { decades: 200, scale: 400, zeros: 0.2, layout: 'varying' },
  ],
];
const SIZES = [1, 2, 3, 4].flatMap((K) => [1, 2, 3, 4].map((T) => [K, T] as const));

describe.each(KINDS)('models %s against the sum over all paths', (_name, options) => {
  const cases = SIZES.flatMap(([K, T]) =>
    Array.from({ length: 12 }, (_, i) => randomCase(Rng.fromSeed(1000 * K + 100 * T + i), K, T, options)),
  ).map((testCase) => ({ ...testCase, table: new PathTable(testCase.model, testCase.logLikelihoods) }));

  it('have the same evidence, and filtered, predicted and smoothed distributions', () => {
    let possible = 0;
    for (const { model, logLikelihoods, table } of cases) {
      const { logLikelihood, filtered, predicted, smoothed } = hmmSmooth(model, logLikelihoods);
      expectLogsClose(logLikelihood, table.logLikelihood(), 'log-likelihood');
      if (logLikelihood === -Infinity) {
        expect([filtered, predicted, smoothed]).toEqual([null, null, null]);
        continue;
      }
      possible++;
      const { stateCount: K, length: T } = table;
      for (let i = 0; i < T * K; i++) {
        const t = Math.floor(i / K);
        expectClose(filtered![i]!, table.marginal(t, i % K, t), `filtered[${t}]`);
        expectClose(predicted![i]!, table.predicted(t, i % K), `predicted[${t}]`);
        expectClose(smoothed![i]!, table.marginal(t, i % K, T - 1), `smoothed[${t}]`);
      }
    }
    expect(possible).toBeGreaterThan(cases.length / 2);
  });

  it('have the same fixed-lag distributions', () => {
    for (const { model, logLikelihoods, table } of cases) {
      for (const lag of [0, 1, 2]) {
        const { smoothed } = hmmFixedLagSmooth(model, logLikelihoods, lag);
        smoothed?.forEach((actual, i) => {
          const t = Math.floor(i / table.stateCount);
          const expected = table.marginal(t, i % table.stateCount, Math.min(t + lag, table.length - 1));
          expectClose(actual, expected, `lag ${lag}, smoothed[${t}]`);
        });
      }
    }
  });

  it('have the same smoothed distributions by two filters', () => {
    for (const { model, logLikelihoods, table } of cases) {
      const { logLikelihood, smoothed } = hmmTwoFilterSmooth(model, logLikelihoods);
      expectLogsClose(logLikelihood, table.logLikelihood(), 'log-likelihood');
      expect(smoothed === null).toBe(logLikelihood === -Infinity);
      smoothed?.forEach((actual, i) => {
        const t = Math.floor(i / table.stateCount);
        expectClose(actual, table.marginal(t, i % table.stateCount, table.length - 1), `smoothed[${t}]`);
      });
    }
  });

  it('have the same backward likelihoods', () => {
    for (const { model, logLikelihoods, table } of cases) {
      const { backwardLogLikelihoods } = hmmTwoFilterSmooth(model, logLikelihoods);
      backwardLogLikelihoods?.forEach((actual, i) => {
        const t = Math.floor(i / table.stateCount);
        const expected = table.logLikelihoodAfter(t, i % table.stateCount);
        expectLogsClose(actual, expected, `backward[${t}][${i % table.stateCount}]`);
      });
    }
  });

  it('have the same marginals of neighboring states', () => {
    for (const { model, logLikelihoods, table } of cases) {
      const { pairwise } = hmmPairwiseMarginals(model, logLikelihoods);
      expect(pairwise === null).toBe(table.logLikelihood() === -Infinity);
      pairwise?.forEach((values, t) => {
        denseEntries(model.transition, t, values).forEach((actual, i) => {
          const [from, to] = [Math.floor(i / table.stateCount), i % table.stateCount];
          expectClose(actual, table.pair(t, from, to), `pairwise[${t}][${from}][${to}]`);
        });
      });
    }
  });

  it('have the same most probable path', () => {
    for (const { model, logLikelihoods, table } of cases) {
      const { path, logProb } = hmmViterbi(model, logLikelihoods);
      const best = table.best();
      expectLogsClose(logProb, best.logProb, 'log-probability');
      if (path === null) expect(best.logProb).toBe(-Infinity);
      // Two paths may be equal but for rounding.
      else expectLogsClose(table.logJoint(path), best.logProb, 'log-probability of the path');
    }
  });
});
