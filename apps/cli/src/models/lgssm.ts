import { kalmanFilter, LinearGaussianModel, rtsSmooth } from '@maxent/pgm';
import { z } from 'zod';
import type { LgssmAnswer } from '../commands/infer/answer.js';
import { closedObject } from '../input/check-input.js';
import { readTable } from '../input/read-table.js';
import { nestMatrices, nestRows } from '../output/nest.js';

const matrix = z.array(z.array(z.number())).min(1);

export const lgssmModel = closedObject({
  kind: z.literal('lgssm'),
  initialMean: z.array(z.number()).min(1).describe('mean of the state at the first observation, [n]'),
  initialCovariance: matrix.describe('covariance of the state at the first observation, [n][n]'),
  F: matrix.describe('z_{t+1} = F z_t + N(0, Q), [n][n]'),
  Q: matrix.describe('[n][n], symmetric and positive semidefinite'),
  H: matrix.describe('y_t = H z_t + N(0, R), [m][n]'),
  R: matrix.describe('[m][m], symmetric and positive definite'),
  observations: z
    .array(z.array(z.number().nullable()).nullable())
    .min(1)
    .describe('[T][m]; null for a missing row or component'),
});

/** Filters and smooths. Throws InvalidInputError. */
export function inferLgssm(model: z.output<typeof lgssmModel>): LgssmAnswer {
  const n = model.initialMean.length;
  const m = model.H.length;
  const read = (name: 'initialCovariance' | 'F' | 'Q' | 'H' | 'R', rows: number, columns: number) =>
    readTable(model[name], [rows, columns], name);
  const parameters = new LinearGaussianModel({
    initialMean: Float64Array.from(model.initialMean),
    initialCovariance: read('initialCovariance', n, n),
    F: read('F', n, n),
    Q: read('Q', n, n),
    H: read('H', m, n),
    R: read('R', m, m),
  });
  const observations = readTable(model.observations, [model.observations.length, m], 'observations');
  const filtered = kalmanFilter(parameters, observations);
  const smoothed = rtsSmooth(parameters, filtered);
  return {
    logLikelihood: filtered.logLikelihood,
    filteredMeans: nestRows(filtered.filteredMeans, n),
    filteredCovariances: nestMatrices(filtered.filteredCovariances, n, n),
    smoothedMeans: nestRows(smoothed.smoothedMeans, n),
    smoothedCovariances: nestMatrices(smoothed.smoothedCovariances, n, n),
  };
}
