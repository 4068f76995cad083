import {
  InvalidInputError,
  isFloat64Array,
  requireCount,
  requireLength,
  requireObject,
  requireTypedNumbers,
} from '@maxent/core';
import { requireAnswerMemory } from '../numerics/require-answer-memory.js';
import { requireEntryInRange } from '../numerics/require-in-range.js';
import type { FilteredLinearGaussian } from './kalman-filter.js';
import { type LinearGaussianModel, requireLinearGaussian, type TimeVarying } from './model.js';

/** The data that accompany a series of observations. */
export interface LinearGaussianSeriesOptions {
  /** Inputs u_t, [T, k], at least one row for each time; models with B or D need them, and others refuse them. */
  readonly inputs?: Float64Array;
}

/**
 * Checks observations, [T, m], in which NaN marks a missing component, and the inputs that go with them. Returns T.
 * Throws InvalidInputError that names the row or component, such as `observations[3][1]`.
 */
export function requireSeries(
  model: LinearGaussianModel,
  observations: Float64Array,
  options: LinearGaussianSeriesOptions,
  path = '',
): number {
  const field = `${path}observations`;
  requireLinearGaussian(model);
  requireObject(path === '' ? 'options' : path.slice(0, -1), options, '{ inputs }');
  requireTypedNumbers(field, observations);
  const { inputs } = options;
  const m = model.observationSize;
  if (observations.length === 0) throw new InvalidInputError(field, 'expected at least one row, got none');
  const count = Math.floor(observations.length / m);
  if (observations.length !== count * m) {
    throw new InvalidInputError(
      `${field}[${count}]`,
      `expected ${m} components, got ${observations.length - count * m}`,
    );
  }
  observations.forEach((value, i) => {
    requireFiniteOrMissing(value, () => `${field}[${Math.floor(i / m)}][${i % m}]`);
  });
  requireDuration(model, count);
  requireInputs(model, inputs, count, path);
  return count;
}

/** Checks one observation, [m], in which NaN marks a missing component. */
export function requireObservation(model: LinearGaussianModel, observation: Float64Array): void {
  requireLength('observation', observation, model.observationSize);
  observation.forEach((value, i) => {
    requireFiniteOrMissing(value, () => `observation[${i}]`);
  });
}

/** Checks the number of steps to sample or forecast, and that inputs cover them. */
export function requireSteps(
  model: LinearGaussianModel,
  steps: number,
  elapsed: number,
  options: LinearGaussianSeriesOptions,
): void {
  requireLinearGaussian(model);
  requireObject('options', options, '{ inputs }');
  const { inputs } = options;
  requireCount('steps', steps);
  const { stateSize: n, observationSize: m } = model;
  // A forecast holds the means and covariances of states and observations.
  const numbers = steps * (n + n * n + m + m * m);
  requireAnswerMemory('steps', numbers, `${steps} steps of ${n} states and ${m} observed entries`);
  requireDuration(model, elapsed + steps);
  requireInputs(model, inputs, elapsed + steps, '');
}

/** Checks that parameters that vary over time cover `count` observations. */
function requireDuration(model: LinearGaussianModel, count: number): void {
  requireTransitions(model, count - 1);
  requireEmissions(model, count);
}

/** Checks that F, Q, B and b cover `count` steps. */
export function requireTransitions(model: LinearGaussianModel, count: number): void {
  const { F, Q, B, b } = model.parameters;
  requireEntries({ F, Q, B, b }, count, 'steps between observations');
}

/** Checks that H, R, D and d cover `count` observations. */
export function requireEmissions(model: LinearGaussianModel, count: number): void {
  const { H, R, D, d } = model.parameters;
  requireEntries({ H, R, D, d }, count, 'observations');
}

function requireEntries(
  parameters: Record<string, TimeVarying | undefined>,
  count: number,
  what: string,
): void {
  for (const [field, parameter] of Object.entries(parameters)) {
    if (parameter === undefined || isFloat64Array(parameter) || parameter.length >= count) continue;
    throw new InvalidInputError(
      field,
      `expected at least ${count} entries, one for each of the ${what}, got ${parameter.length}`,
    );
  }
}

function requireFiniteOrMissing(value: number, field: () => string): void {
  if (value === Infinity || value === -Infinity) {
    throw new InvalidInputError(
      field(),
      `expected a finite number, or NaN where it is missing, got ${value}`,
    );
  }
  requireEntryInRange(field, value);
}

function requireInputs(
  model: LinearGaussianModel,
  inputs: Float64Array | undefined,
  count: number,
  path: string,
): void {
  const field = `${path}inputs`;
  const k = model.inputSize;
  if (k === 0) {
    if (inputs === undefined) return;
    throw new InvalidInputError(field, 'expected none, because the model has neither B nor D');
  }
  if (inputs === undefined) {
    throw new InvalidInputError(
      field,
      `expected ${count} rows of ${k} inputs, because the model has B or D, got none`,
    );
  }
  requireTypedNumbers(field, inputs);
  if (inputs.length % k !== 0 || inputs.length < count * k) {
    throw new InvalidInputError(
      field,
      `expected at least ${count} rows of ${k} inputs, got ${inputs.length} numbers`,
    );
  }
  inputs.forEach((value, i) => {
    if (!Number.isFinite(value)) {
      throw new InvalidInputError(
        `${field}[${Math.floor(i / k)}][${i % k}]`,
        `expected a finite number, got ${value}`,
      );
    }
  });
}

/** Throws InvalidInputError unless `filtered` has the sizes that `kalmanFilter` returns for the model. */
export function requireFiltered(model: LinearGaussianModel, filtered: FilteredLinearGaussian): void {
  requireLinearGaussian(model);
  requireObject('filtered', filtered, 'kalmanFilter(model, observations)');
  const { stateSize: n } = model;
  const count = Math.max(1, Math.floor((filtered.filteredMeans?.length ?? 0) / n));
  const sizes = {
    filteredMeans: n,
    filteredCovariances: n * n,
    filteredFactors: n * n,
    predictedMeans: n,
    predictedCovariances: n * n,
  };
  for (const [name, size] of Object.entries(sizes)) {
    const values = filtered[name as keyof typeof sizes];
    requireTypedNumbers(`filtered.${name}`, values);
    requireLength(`filtered.${name}`, values, count * size);
  }
}
