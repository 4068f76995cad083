import { kalmanFilter, LinearGaussianModel, rtsSmooth } from '@maxent/pgm';
import * as z from 'zod';
import { closedObject } from '../input/check-input.js';
import { jsonMatrices, jsonMatrix, jsonNumber } from '../input/json-number.js';
import { readTable } from '../input/read-table.js';
import { formatCounted } from '../output/format-number.js';
import { NestedArray } from '../output/nested-array.js';
import { type Summary, shownNumber, summaryCells, summaryRows } from '../output/summary.js';
import type { InferenceSize } from './inference-memory.js';
import { lgssmFigures, lgssmStory } from './lgssm-figures.js';
import { defineModelKind } from './model-kind.js';

const table = z.array(z.array(z.number())).min(1);

const schema = closedObject({
  kind: z.literal('lgssm'),
  initialMean: z.array(z.number()).min(1).describe('mean of the state at the first observation, [n]'),
  initialCovariance: table.describe('covariance of the state at the first observation, [n][n]'),
  F: table.describe('z_{t+1} = F z_t + N(0, Q), [n][n]'),
  Q: table.describe('[n][n], symmetric and positive semidefinite'),
  H: table.describe('y_t = H z_t + N(0, R), [m][n]'),
  R: table.describe('[m][m], symmetric and positive definite'),
  observations: z
    .array(z.array(z.number().nullable()).nullable())
    .min(1)
    .describe('[T][m]; null for a missing row or component'),
});

export type LgssmModel = z.output<typeof schema>;

const answer = z
  .object({
    logLikelihood: jsonNumber,
    filteredMeans: jsonMatrix.describe('[T][n]'),
    filteredCovariances: jsonMatrices.describe('[T][n][n]'),
    smoothedMeans: jsonMatrix.describe('[T][n]'),
    smoothedCovariances: jsonMatrices.describe('[T][n][n]'),
  })
  .describe('lgssm');

/** Filters and smooths. */
function infer(model: LgssmModel) {
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
    filteredMeans: NestedArray.rows(filtered.filteredMeans, n),
    filteredCovariances: NestedArray.matrices(filtered.filteredCovariances, n, n),
    smoothedMeans: NestedArray.rows(smoothed.smoothedMeans, n),
    smoothedCovariances: NestedArray.matrices(smoothed.smoothedCovariances, n, n),
  };
}

export type LgssmPosterior = ReturnType<typeof infer>;

/**
 * Answers means [T][n] and covariances [T][n][n], filtered and smoothed; works with predictions, factors and gains as
 * well.
 */
function size({ initialMean, H, observations }: LgssmModel): InferenceSize {
  const n = initialMean.length;
  const m = H.length;
  const steps = observations.length;
  return {
    field: 'observations',
    what: `${formatCounted(steps, 'observation')} of ${m} from a state of ${n}`,
    read: n + 3 * n ** 2 + n * m + m ** 2 + steps * m,
    worked: 5 * steps * (n + n ** 2) + steps * m,
    answered: 2 * steps * (n + n ** 2),
    arrays: 2 * steps * (n + 2),
  };
}

function summary({ logLikelihood, smoothedMeans, smoothedCovariances }: LgssmPosterior): Summary {
  const [steps, n] = smoothedMeans.shape as [number, number];
  return {
    facts: [['log-likelihood', shownNumber(logLikelihood)]],
    ...summaryRows(['t', ...summaryCells(n, (i) => `smoothed ${i}`)], steps, (t) => [
      String(t),
      ...summaryCells(n, (i) => {
        const std = Math.sqrt(smoothedCovariances.at(t, i, i));
        return `${shownNumber(smoothedMeans.at(t, i))} ± ${shownNumber(std)}`;
      }),
    ]),
  };
}

/** Linear-Gaussian state-space models. */
export const lgssm = defineModelKind({
  kind: 'lgssm',
  title: 'linear-Gaussian state-space model',
  schema,
  answer: [answer],
  size,
  infer,
  summary,
  figures: lgssmFigures,
  story: lgssmStory,
});
