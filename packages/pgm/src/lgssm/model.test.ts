import { InvalidInputError, Rng } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { forecastLinearGaussian } from './forecast.js';
import { kalmanFilter } from './kalman-filter.js';
import { LinearGaussianModel, type LinearGaussianParameters } from './model.js';
import { sampleLinearGaussian } from './sample.js';
import { sampleLinearGaussianPosterior } from './sample-posterior.js';

const array = (...values: number[]) => Float64Array.from(values);

/** Two states, three observed components, one input. */
const parameters: LinearGaussianParameters = {
  initialMean: array(0, 1),
  initialCovariance: array(1, 0.5, 0.5, 1),
  F: array(0.9, 0.1, 0, 0.8),
  Q: array(1, 0, 0, 0),
  H: array(1, 0, 0, 1, 1, 1),
  R: array(1, 0, 0, 0, 2, 0, 0, 0, 3),
  B: array(1, 2),
};
const inputs = new Float64Array(4);

function fieldOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof InvalidInputError) return error.field;
    throw error;
  }
  return 'no error';
}

describe('LinearGaussianModel', () => {
  it('knows its sizes', () => {
    const { stateSize, observationSize, inputSize } = new LinearGaussianModel(parameters);
    expect([stateSize, observationSize, inputSize]).toEqual([2, 3, 1]);
    const { B, ...rest } = parameters;
    expect(new LinearGaussianModel({ ...rest, D: new Float64Array(15) }).inputSize).toBe(5);
    expect(new LinearGaussianModel(rest).inputSize).toBe(0);
  });

  const cases: [Partial<LinearGaussianParameters>, string][] = [
    [{ initialMean: array() }, 'initialMean'],
    [{ initialMean: array(0, Number.NaN) }, 'initialMean[1]'],
    [{ initialCovariance: array(1) }, 'initialCovariance'],
    [{ initialCovariance: array(1, 2, 2, 1) }, 'initialCovariance'],
    [{ F: array(1, 0, 0) }, 'F'],
    [{ F: array(1, Infinity, 0, 1) }, 'F[0][1]'],
    [{ F: [parameters.F as Float64Array, array(1, 0, Number.NaN, 1)] }, 'F[1][1][0]'],
    [{ H: [] }, 'H'],
    [{ Q: array(1, 0.5, 0, 1) }, 'Q[1][0]'],
    [{ Q: array(1, 0, 0, -1e-3) }, 'Q[1][1]'],
    [{ Q: [array(1, 0, 0, 1), array(1, 0, 0.5, 1)] }, 'Q[1][1][0]'],
    [{ H: array(1, 0, 0) }, 'H'],
    [{ H: array() }, 'H'],
    [{ H: [array(1, 0, 0)] }, 'H[0]'],
    [{ R: array(1, 0, 0, 1) }, 'R'],
    [{ R: array(1, Number.NaN, 0, 0, 1, 0, 0, 0, 1) }, 'R[0][1]'],
    [{ R: array(1, 0, 0, 0, 0, 0, 0, 0, 1) }, 'R[1][1]'],
    [{ R: array(1, 1, 0, 1, 1, 0, 0, 0, 1) }, 'R'],
    [{ B: array(1, 2, 3) }, 'B'],
    [{ D: array(1, 2, 3, 4) }, 'D'],
    [{ b: array(1) }, 'b'],
    [{ d: array(1, 2, Number.NaN) }, 'd[2]'],
  ];
  it.each(cases)('%o is at fault in %s', (change, field) => {
    expect(fieldOf(() => new LinearGaussianModel({ ...parameters, ...change }))).toBe(field);
  });
});

describe('a series', () => {
  const model = new LinearGaussianModel(parameters);
  const varying = new LinearGaussianModel({
    ...parameters,
    Q: [parameters.Q as Float64Array],
    d: Array.from({ length: 3 }, () => array(0, 0, 0)),
  });
  const { B, ...withoutInputs } = parameters;
  const rows = (count: number) => new Float64Array(3 * count);

  it.each([
    ['no observations', () => kalmanFilter(model, rows(0), { inputs }), 'observations'],
    ['a short row', () => kalmanFilter(model, new Float64Array(11), { inputs }), 'observations[3]'],
    [
      'Infinity',
      () => kalmanFilter(model, array(0, 0, 0, 0, -Infinity, 0), { inputs }),
      'observations[1][1]',
    ],
    ['no inputs', () => kalmanFilter(model, rows(2)), 'inputs'],
    ['too few inputs', () => kalmanFilter(model, rows(5), { inputs }), 'inputs'],
    [
      'NaN among inputs',
      () => kalmanFilter(model, rows(2), { inputs: array(0, Number.NaN) }),
      'inputs[1][0]',
    ],
    [
      'inputs without use',
      () => kalmanFilter(new LinearGaussianModel(withoutInputs), rows(2), { inputs }),
      'inputs',
    ],
    ['Q ends too early', () => kalmanFilter(varying, rows(3), { inputs }), 'Q'],
    ['Q ends in time', () => kalmanFilter(varying, rows(2), { inputs }), 'no error'],
    [
      'Q ends within the forecast',
      () => forecastLinearGaussian(varying, kalmanFilter(varying, rows(2), { inputs }), 1, { inputs }),
      'Q',
    ],
    [
      'inputs end within the forecast',
      () => forecastLinearGaussian(model, kalmanFilter(model, rows(4), { inputs }), 1, { inputs }),
      'inputs',
    ],
    ['no steps', () => sampleLinearGaussian(model, 0, Rng.fromSeed(0), { inputs }), 'steps'],
    [
      'no draws',
      () =>
        sampleLinearGaussianPosterior(model, kalmanFilter(model, rows(2), { inputs }), 0, Rng.fromSeed(0)),
      'draws',
    ],
  ])('%s', (_name, act, field) => {
    expect(fieldOf(act)).toBe(field);
  });
});
