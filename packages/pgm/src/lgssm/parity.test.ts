import { describe, expect, it } from 'vitest';
import fixture from './fixtures/dynamax.json' with { type: 'json' };
import { kalmanFilter } from './kalman-filter.js';
import { LinearGaussianModel, type TimeVarying } from './model.js';
import { rtsSmooth } from './rts-smooth.js';

type Matrix = number[][];

/** Written by apps/lab/peers/pgm_fixtures.py. */
interface Model {
  readonly initialMean: number[];
  readonly initialCovariance: Matrix;
  readonly F: Matrix | Matrix[];
  readonly Q: Matrix;
  readonly H: Matrix;
  readonly R: Matrix;
  readonly B?: Matrix;
  readonly D?: Matrix;
  readonly b?: number[];
  readonly d?: number[];
  readonly observations: Matrix;
  readonly inputs?: Matrix;
  readonly answer: {
    readonly logLikelihood: number;
    readonly filteredMeans: Matrix;
    readonly filteredCovariances: Matrix[];
    readonly smoothedMeans: Matrix;
    readonly smoothedCovariances: Matrix[];
  };
}

/** dynamax adds 1e-9 to the diagonal of each matrix that it solves with; the least variance in the models is 0.5. */
const TOLERANCE = 1e-8;

const models = fixture.models as unknown as readonly Model[];

const flat = (values: readonly number[] | Matrix | Matrix[]): Float64Array =>
  Float64Array.from(values.flat(2) as number[]);

const overTime = (F: Matrix | Matrix[]): TimeVarying =>
  Array.isArray(F[0]![0]) ? (F as Matrix[]).map(flat) : flat(F);

function expectClose(actual: Float64Array, expected: Matrix | Matrix[]): void {
  const values = flat(expected);
  expect(actual).toHaveLength(values.length);
  values.forEach((value, i) => {
    expect(Math.abs(actual[i]! - value)).toBeLessThanOrEqual(TOLERANCE * Math.max(1, Math.abs(value)));
  });
}

describe('the answers of dynamax on 20 random models', () => {
  it('are all there', () => {
    expect(models).toHaveLength(20);
  });

  it.each(models.map((model, i) => [i, model] as const))('model %i', (_i, given) => {
    const { B, D, b, d, inputs, answer } = given;
    const model = new LinearGaussianModel({
      initialMean: flat(given.initialMean),
      initialCovariance: flat(given.initialCovariance),
      F: overTime(given.F),
      Q: flat(given.Q),
      H: flat(given.H),
      R: flat(given.R),
      ...(B !== undefined && { B: flat(B) }),
      ...(D !== undefined && { D: flat(D) }),
      ...(b !== undefined && { b: flat(b) }),
      ...(d !== undefined && { d: flat(d) }),
    });
    const options = inputs === undefined ? {} : { inputs: flat(inputs) };
    const filtered = kalmanFilter(model, flat(given.observations), options);
    const smoothed = rtsSmooth(model, filtered);
    expect(Math.abs(filtered.logLikelihood - answer.logLikelihood)).toBeLessThanOrEqual(
      TOLERANCE * Math.max(1, Math.abs(answer.logLikelihood)),
    );
    expectClose(filtered.filteredMeans, answer.filteredMeans);
    expectClose(filtered.filteredCovariances, answer.filteredCovariances);
    expectClose(smoothed.smoothedMeans, answer.smoothedMeans);
    expectClose(smoothed.smoothedCovariances, answer.smoothedCovariances);
  });
});
