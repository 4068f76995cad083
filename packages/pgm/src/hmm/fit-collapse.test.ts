import { Rng } from '@maxent/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EmittingHiddenMarkovModel, GaussianEmission } from './emission.js';
import { fitHmm, type HmmFit } from './fit.js';
import { sampleHmm } from './sample.js';

const truth: EmittingHiddenMarkovModel = {
  initial: Float64Array.of(0.5, 0.5),
  transition: Float64Array.of(0.9, 0.1, 0.2, 0.8),
  emission: { kind: 'gaussian', means: Float64Array.of(-1, 3), stds: Float64Array.of(0.5, 1) },
};

const gaussian = ({ model }: HmmFit): GaussianEmission => model.emission as GaussianEmission;

/** The model of observations in other units. */
function scaled(model: EmittingHiddenMarkovModel, scale: number): EmittingHiddenMarkovModel {
  const { kind, means, stds } = model.emission as GaussianEmission;
  return {
    ...model,
    emission: { kind, means: means.map((x) => x * scale), stds: stds.map((x) => x * scale) },
  };
}

describe('fits in other units', () => {
  it('are the same fits', () => {
    const cases = fc.record({
      seed: fc.nat(50),
      scale: fc.constantFrom(1e-9, 1e-6, 1e-3, 1e3, 1e9, 2 ** -100, 2 ** 100),
      // With three values alone, states collapse on them and the floor binds.
      rounded: fc.boolean(),
    });
    fc.assert(
      fc.property(cases, ({ seed, scale, rounded }) => {
        const drawn = sampleHmm(truth, 60, Rng.fromSeed(seed)).observations;
        const data = rounded ? drawn.map((x) => (x < 0 ? -1 : x < 2 ? 1 : 3)) : drawn;
        const start = scaled(truth, 1.5);
        const plain = fitHmm(start, [data], { maxIterations: 30 });
        const other = fitHmm(scaled(start, scale), [data.map((x) => x * scale)], { maxIterations: 30 });
        expect(other.statesAtVarianceFloor).toEqual(plain.statesAtVarianceFloor);
        expect(other.stopped).toBe(plain.stopped);
        expect(other.varianceFloor! / scale ** 2 / plain.varianceFloor!).toBeCloseTo(1, 10);
        for (const k of [0, 1]) {
          expect(Math.abs(gaussian(other).means[k]! / scale - gaussian(plain).means[k]!)).toBeLessThan(1e-6);
          expect(gaussian(other).stds[k]! / scale / gaussian(plain).stds[k]!).toBeCloseTo(1, 5);
        }
        const shift = data.length * Math.log(scale);
        expect(other.logLikelihoods.at(-1)! + shift).toBeCloseTo(plain.logLikelihoods.at(-1)!, 5);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a collapse', () => {
  it('ends at a floor relative to the data, and the fit names the states', () => {
    const data = [-1, -1, -1, 3, 3, -1, 3, 3.5, 2.5, 3];
    const fit = fitHmm(truth, [data]);
    expect(fit.statesAtVarianceFloor).toEqual([0]);
    const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
    const variance = data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length;
    expect(fit.varianceFloor! / (1e-6 * variance)).toBeCloseTo(1, 12);
    expect(gaussian(fit).stds[0]! / Math.sqrt(fit.varianceFloor!)).toBeCloseTo(1, 12);
    expect(fit.converged).toBe(true);
  });

  it('of observations that are all alike ends at a share of where it started', () => {
    for (const [scale, value] of [
      [1, 0],
      [1e-9, 0.1],
      [1e9, 0.1],
    ] as const) {
      const fit = fitHmm(scaled(truth, scale), [new Array(8).fill(value * scale)]);
      expect(fit.varianceFloor! / (0.25e-6 * scale ** 2)).toBeCloseTo(1, 10);
      expect(fit.logLikelihoods.every(Number.isFinite)).toBe(true);
    }
  });

  it('without a floor stops before it, and does not blame the start', () => {
    const fit = fitHmm(truth, [[-1, -1, -1, 3, 3]], { varianceFloor: 0, tolerance: 0, maxIterations: 1000 });
    expect(fit).toMatchObject({ converged: false, stopped: 'collapse' });
    expect(fit.reason).toMatch(/^iteration \d+ reached a log-likelihood of .*: parameters collapse/);
    expect(fit.logLikelihoods.every(Number.isFinite)).toBe(true);
    expect(gaussian(fit).stds.every((std) => std > 0)).toBe(true);
  });

  it('takes a start that is narrower than the default floor for the floor', () => {
    const start = scaled(truth, 1e-4);
    const fit = fitHmm(start, [[-1, 3, -1.2, 2.8, 3.1]]);
    expect(fit.varianceFloor).toBe(0.5e-4 ** 2);
    expect(fit.logLikelihoods.length).toBeGreaterThan(1);
  });

  it('never shows in categorical emissions', () => {
    const start: EmittingHiddenMarkovModel = {
      ...truth,
      emission: { kind: 'categorical', symbolCount: 2, probs: Float64Array.of(0.9, 0.1, 0.2, 0.8) },
    };
    const fit = fitHmm(start, [[0, 0, 1, 1, 0]]);
    expect(fit.varianceFloor).toBeNull();
    expect(fit.statesAtVarianceFloor).toEqual([]);
  });
});
