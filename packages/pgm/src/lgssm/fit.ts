import { InvalidInputError, isFloat64Array, isMaxentError, requireList, requireObject } from '@maxent/core';
import {
  type Expectation,
  type Fit,
  type FitOptions,
  maximizeExpectations,
} from '../numerics/expectation-maximization.js';
import { ExpectedMoments, type LinearGaussianSequence } from './expected-moments.js';
import { LinearGaussianModel, type LinearGaussianParameters, requireLinearGaussian } from './model.js';
import { requireSeries } from './series.js';

export interface FitLinearGaussianOptions extends FitOptions {
  /**
   * What to estimate; by default every parameter that does not vary over time and is not weighted by a covariance that
   * does.
   */
  readonly parameters?: readonly (keyof LinearGaussianParameters)[];
}

export type LinearGaussianFit = Fit<LinearGaussianModel>;

/**
 * Fits a model to sequences by expectation-maximization (Shumway and Stoffer, 1982), starting from `model`. Sequences
 * may differ in length, and missing components are integrated out exactly. The likelihood never falls: an iteration
 * that would lower it, as happens when data without noise make a covariance nearly collapse, is rejected, and `stopped`
 * says so. The fit does not depend on the units of the observations. Throws InvalidInputError for sequences that do not
 * fit the model, such as `sequences[1].observations[3][0]`, for a parameter that cannot be estimated, and for data that
 * make a covariance collapse to 0 or below, because the likelihood then has no maximum.
 */
export function fitLinearGaussian(
  model: LinearGaussianModel,
  sequences: readonly LinearGaussianSequence[],
  options: FitLinearGaussianOptions = {},
): LinearGaussianFit {
  requireLinearGaussian(model);
  requireObject('options', options, '{ maxIterations: 100 }');
  requireList('sequences', sequences);
  if (sequences.length === 0) throw new InvalidInputError('sequences', 'expected at least one, got none');
  const estimated = requireEstimable(model, options.parameters);
  let times = 0;
  sequences.forEach((sequence, i) => {
    requireObject(`sequences[${i}]`, sequence, '{ observations }');
    times += requireSeries(model, sequence.observations, sequence, `sequences[${i}].`);
  });
  const expect = (current: LinearGaussianModel): Expectation<LinearGaussianModel> => {
    const moments = new ExpectedMoments(current, estimated);
    let logLikelihood = 0;
    for (const sequence of sequences) logLikelihood += moments.add(sequence);
    return { logLikelihood, maximize: () => rebuild(moments.maximize()) };
  };
  return maximizeExpectations(model, expect, times, options);
}

/**
 * The covariance that weights each coefficient. It must be the same at all times, because one regression covers them
 * all.
 */
const COVARIANCE_OF = { F: 'Q', B: 'Q', b: 'Q', H: 'R', D: 'R', d: 'R' } as const;

function requireEstimable(
  { parameters }: LinearGaussianModel,
  requested: readonly (keyof LinearGaussianParameters)[] | undefined,
): Set<keyof LinearGaussianParameters> {
  const present = Object.keys(parameters) as (keyof LinearGaussianParameters)[];
  const obstacle = (name: keyof LinearGaussianParameters): string | null => {
    if (!isFloat64Array(parameters[name])) return `${name} varies over time`;
    const covariance = (COVARIANCE_OF as Partial<Record<string, 'Q' | 'R'>>)[name];
    if (covariance === undefined || isFloat64Array(parameters[covariance])) return null;
    return `${covariance}, which weights ${name}, varies over time`;
  };
  if (requested === undefined) return new Set(present.filter((name) => obstacle(name) === null));
  requested.forEach((name, i) => {
    const problem = present.includes(name)
      ? obstacle(name)
      : `expected one of the model's parameters (${present.join(', ')}), got ${name}`;
    if (problem !== null) throw new InvalidInputError(`parameters[${i}]`, problem);
  });
  return new Set(requested);
}

function rebuild(parameters: LinearGaussianParameters): LinearGaussianModel {
  try {
    return new LinearGaussianModel(parameters);
  } catch (error) {
    if (!isMaxentError(error, 'INVALID_INPUT')) throw error;
    throw new InvalidInputError(
      'sequences',
      `expected data that determine every parameter, but an iteration produced an unusable one (${error.message}); estimate fewer parameters or give more data`,
      { cause: error },
    );
  }
}
