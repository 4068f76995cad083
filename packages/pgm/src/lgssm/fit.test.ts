import { InvalidInputError, Rng } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../linear-algebra/test-support/expect-close.js';
import type { LinearGaussianSequence } from './expected-moments.js';
import { fitLinearGaussian } from './fit.js';
import { linearGaussianLogLikelihood } from './kalman-filter.js';
import { LinearGaussianModel, type LinearGaussianParameters } from './model.js';
import { sampleLinearGaussian } from './sample.js';
import { randomModel, withMissing } from './test-support/random-model.js';

function draw(
  model: LinearGaussianModel,
  lengths: readonly number[],
  missing: number,
): LinearGaussianSequence[] {
  return lengths.map((length, i) => {
    const inputs = new Float64Array(length * model.inputSize);
    Rng.fromSeed(i).fillNormal(inputs);
    const options = model.inputSize > 0 ? { inputs } : {};
    const { observations } = sampleLinearGaussian(model, length, Rng.fromSeed(100 + i), options);
    return { observations: withMissing(observations, missing, i), ...options };
  });
}

function total(model: LinearGaussianModel, sequences: readonly LinearGaussianSequence[]): number {
  return sequences.reduce(
    (sum, sequence) => sum + linearGaussianLogLikelihood(model, sequence.observations, sequence),
    0,
  );
}

function expectMonotone(logLikelihoods: Float64Array): void {
  for (let i = 1; i < logLikelihoods.length; i++) {
    const rounding = 1e-11 * Math.abs(logLikelihoods[i]!);
    expect(logLikelihoods[i]).toBeGreaterThanOrEqual(logLikelihoods[i - 1]! - rounding);
  }
}

const cases: {
  name: string;
  n: number;
  m: number;
  k?: number;
  missing?: number;
  noiseRank?: number;
  varyOver?: number;
  parameters?: (keyof LinearGaussianParameters)[];
}[] = [
  { name: 'everything', n: 2, m: 3 },
  { name: 'everything, with missing components', n: 2, m: 3, missing: 0.3 },
  { name: 'everything, with inputs and offsets', n: 3, m: 2, k: 2 },
  { name: 'everything, with inputs and missing components', n: 3, m: 2, k: 2, missing: 0.3 },
  { name: 'a singular Q', n: 3, m: 2, noiseRank: 1 },
  { name: 'no transition noise', n: 2, m: 2, noiseRank: 0 },
  { name: 'covariances alone', n: 2, m: 2, parameters: ['Q', 'R'] },
  { name: 'coefficients alone', n: 2, m: 2, k: 1, parameters: ['F', 'H'] },
  { name: 'inputs and offsets alone', n: 2, m: 2, k: 1, missing: 0.2, parameters: ['B', 'b', 'D', 'd'] },
  { name: 'the prior alone', n: 2, m: 1, parameters: ['initialMean', 'initialCovariance'] },
  { name: 'the prior under time-varying parameters', n: 2, m: 2, varyOver: 40 },
];

describe.each(cases)('EM of $name', ({ missing = 0, parameters, ...options }) => {
  const sequences = draw(randomModel({ ...options, seed: 1 }), [40, 1, 25, 7], missing);
  const start = randomModel({ ...options, seed: 2 });
  const fit = fitLinearGaussian(start, sequences, {
    maxIterations: 12,
    tolerance: 0,
    ...(parameters && { parameters }),
  });

  it('never lowers the log-likelihood, and reports that of each model', () => {
    expect(fit.logLikelihoods.length).toBeGreaterThan(5);
    expectMonotone(fit.logLikelihoods);
    expect(fit.logLikelihoods[0]).toBeCloseTo(total(start, sequences), 9);
    expect(fit.logLikelihoods.at(-1)).toBeCloseTo(total(fit.model, sequences), 9);
    expect(fit.logLikelihoods.at(-1)).toBeGreaterThan(fit.logLikelihoods[0]!);
  });

  it('keeps what is not to be estimated', () => {
    for (const [name, value] of Object.entries(start.parameters)) {
      const kept = parameters ? !parameters.includes(name as never) : Array.isArray(value);
      const fitted = fit.model.parameters[name as keyof LinearGaussianParameters];
      if (kept) expect(fitted).toBe(value);
      else expect(fitted).not.toBe(value);
    }
  });
});

describe('fitLinearGaussian', () => {
  it('ends where the gradient of the log-likelihood is 0', () => {
    const truth = randomModel({ n: 2, m: 2, k: 1, seed: 3 });
    const sequences = draw(truth, [60, 50], 0.2);
    const parameters: (keyof LinearGaussianParameters)[] = ['F', 'R', 'D', 'b'];
    const { model, converged } = fitLinearGaussian(truth, sequences, {
      parameters,
      maxIterations: 3000,
      tolerance: 1e-13,
    });
    expect(converged).toBe(true);
    const step = 1e-4;
    for (const name of parameters) {
      const value = model.parameters[name] as Float64Array;
      for (let i = 0; i < value.length; i++) {
        const at = (change: number) => {
          const moved = value.slice();
          moved[i]! += change;
          // A covariance stays symmetric.
          if (name === 'R' && (i === 1 || i === 2)) moved[3 - i]! += change;
          return total(new LinearGaussianModel({ ...model.parameters, [name]: moved }), sequences);
        };
        const slope = (at(step) - at(-step)) / (2 * step);
        const curvature = Math.abs(at(step) - 2 * at(0) + at(-step)) / step ** 2;
        expect(Math.abs(slope), `${name}[${i}]`).toBeLessThan(1e-3 * curvature);
      }
    }
  });

  it('recovers the transition of a long series', () => {
    const truth = new LinearGaussianModel({
      initialMean: Float64Array.of(0),
      initialCovariance: Float64Array.of(1),
      F: Float64Array.of(0.9),
      Q: Float64Array.of(0.5),
      H: Float64Array.of(1),
      R: Float64Array.of(0.2),
    });
    const start = new LinearGaussianModel({
      ...truth.parameters,
      F: Float64Array.of(0.2),
      Q: Float64Array.of(2),
      R: Float64Array.of(1),
    });
    const { model } = fitLinearGaussian(start, draw(truth, [2000], 0), {
      parameters: ['F', 'Q', 'R'],
      maxIterations: 300,
    });
    expectClose(model.parameters.F as Float64Array, [0.9], 0.03);
    expectClose(model.parameters.Q as Float64Array, [0.5], 0.1);
    expectClose(model.parameters.R as Float64Array, [0.2], 0.1);
  });

  const model = randomModel({ n: 1, m: 2, seed: 5 });
  const [sequence] = draw(model, [5], 0);
  it.each([
    ['no sequences', [], {}, 'sequences'],
    [
      'a bad observation',
      [sequence!, { observations: Float64Array.of(0, Infinity) }],
      {},
      'sequences[1].observations[0][1]',
    ],
    ['a parameter that is absent', [sequence!], { parameters: ['Q', 'B'] as const }, 'parameters[1]'],
    [
      'a collapse',
      [{ observations: Float64Array.of(1, 2, 1, 2, 1, 2) }],
      { maxIterations: 1e5, tolerance: 0 },
      'sequences',
    ],
    ['a negative tolerance', [sequence!], { tolerance: -1 }, 'tolerance'],
  ])('names %s', (_name, sequences, options, field) => {
    try {
      fitLinearGaussian(model, sequences, options);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidInputError);
      expect((error as InvalidInputError).field).toBe(field);
    }
  });

  it.each([1e-9, 1, 1e9])('of data without noise, %d in size, does not claim to have converged', (scale) => {
    const variance = scale * scale;
    const start = new LinearGaussianModel({
      initialMean: Float64Array.of(0),
      initialCovariance: Float64Array.of(variance),
      F: Float64Array.of(0.5),
      Q: Float64Array.of(0.5 * variance),
      H: Float64Array.of(1),
      R: Float64Array.of(0.3 * variance),
    });
    const observations = Float64Array.from({ length: 40 }, (_, t) => scale * 0.9 ** t);
    const fit = fitLinearGaussian(start, [{ observations }], { maxIterations: 1000 });
    expect(fit).toMatchObject({ converged: false, stopped: 'fall' });
    expect(fit.reason).toMatch(
      /^iteration \d+ lowered the log-likelihood from .* to .*the model before it is kept$/,
    );
    fit.logLikelihoods.forEach((value, i) => {
      if (i > 0) expect(value).toBeGreaterThanOrEqual(fit.logLikelihoods[i - 1]!);
    });
    expect(total(fit.model, [{ observations }])).toBeCloseTo(fit.logLikelihoods.at(-1)!, 9);
    expect((fit.model.parameters.F as Float64Array)[0]).toBeCloseTo(0.9, 9);
  });

  it('fits alike in other units of each component', () => {
    const start = randomModel({ n: 2, m: 2, seed: 6 });
    const [sequence] = draw(randomModel({ n: 2, m: 2, seed: 7 }), [40], 0.1);
    const units = [1e-7, 1e8];
    const { H, R } = start.parameters as Record<'H' | 'R', Float64Array>;
    const row = (i: number) => units[Math.floor(i / 2)]!;
    const scaled = new LinearGaussianModel({
      ...start.parameters,
      H: H.map((value, i) => value * row(i)),
      R: R.map((value, i) => value * row(i) * units[i % 2]!),
    });
    const observations = sequence!.observations.map((value, i) => value * units[i % 2]!);
    const plain = fitLinearGaussian(start, [sequence!], { maxIterations: 20 });
    const other = fitLinearGaussian(scaled, [{ observations }], { maxIterations: 20 });
    expect(other.logLikelihoods.length).toBe(plain.logLikelihoods.length);
    expectClose(other.model.parameters.F as Float64Array, plain.model.parameters.F as Float64Array, 1e-8);
    expectClose(
      (other.model.parameters.R as Float64Array).map((value, i) => value / row(i) / units[i % 2]!),
      plain.model.parameters.R as Float64Array,
      1e-8,
    );
  });

  it('refuses to estimate what varies over time, or is weighed by what does', () => {
    const varying = randomModel({ n: 2, m: 2, seed: 1, varyOver: 5 });
    const { observations } = sampleLinearGaussian(varying, 5, Rng.fromSeed(1));
    expect(() => fitLinearGaussian(varying, [{ observations }], { parameters: ['F'] })).toThrow(
      'parameters[0]: F varies over time',
    );
    const partly = new LinearGaussianModel({
      ...varying.parameters,
      F: Float64Array.of(1, 0, 0, 1),
    });
    expect(() => fitLinearGaussian(partly, [{ observations }], { parameters: ['F'] })).toThrow(
      'parameters[0]: Q, which weights F, varies over time',
    );
  });
});
