import { InvalidInputError } from '@maxent/core';
import { emissionLogLikelihoods, hmmSmooth, hmmViterbi } from '@maxent/pgm';
import * as z from 'zod';
import { closedObject } from '../input/check-input.js';
import { jsonMatrix, jsonNumber, jsonNumberOrMinusInfinity } from '../input/json-number.js';
import { readTable } from '../input/read-table.js';
import { formatCounted } from '../output/format-number.js';
import { NestedArray } from '../output/nested-array.js';
import { type Summary, shownNumber, summaryCells, summaryRows } from '../output/summary.js';
import { hmmFigures, hmmStory } from './hmm-figures.js';
import type { InferenceSize } from './inference-memory.js';
import { defineModelKind } from './model-kind.js';

const emission = z.discriminatedUnion('kind', [
  closedObject({
    kind: z.literal('categorical'),
    probs: z.array(z.array(z.number()).min(1)).min(1).describe('p(symbol | state), [K][M]'),
  }),
  closedObject({
    kind: z.literal('gaussian'),
    means: z.array(z.number()).describe('[K]'),
    stds: z.array(z.number()).describe('standard deviations, [K]'),
  }),
  closedObject({
    kind: z.literal('logLikelihoods'),
    values: z
      .array(z.array(jsonNumberOrMinusInfinity).nullable())
      .min(1)
      .describe('log p(observation t | state), [T][K]; null for a missing row. Leave out observations then'),
  }),
]);

const schema = closedObject({
  kind: z.literal('hmm'),
  initial: z.array(z.number()).min(1).describe('p(z_0), [K]'),
  transition: z.array(z.array(z.number())).describe("p(z' | z), with one row for each state z, [K][K]"),
  emission,
  observations: z
    .array(z.number().nullable())
    .min(1)
    .exactOptional()
    .describe('[T]; symbols 0 to M-1 for categorical, numbers for gaussian, null for a missing observation'),
});

export type HmmModel = z.output<typeof schema>;

const answer = z
  .object({
    logLikelihood: jsonNumber.describe(
      '"-Infinity" if the observations are impossible; posteriors are then null',
    ),
    filtered: jsonMatrix.nullable().describe('p(z_t | observations up to t), [T][K]'),
    predicted: jsonMatrix.nullable().describe('p(z_t | observations before t), [T][K]'),
    smoothed: jsonMatrix.nullable().describe('p(z_t | all observations), [T][K]'),
    viterbi: z.object({
      path: z.array(z.int()).nullable().describe('the most probable sequence of states, [T]'),
      logProbability: jsonNumber.describe('log p(path, observations)'),
    }),
  })
  .describe('hmm');

/** Filters, smooths and finds the most probable path. */
function infer(model: HmmModel) {
  const stateCount = model.initial.length;
  const chain = {
    initial: Float64Array.from(model.initial),
    transition: readTable(model.transition, [stateCount, stateCount], 'transition'),
  };
  const logLikelihoods = readLogLikelihoods(model);
  const { logLikelihood, filtered, predicted, smoothed } = hmmSmooth(chain, logLikelihoods);
  const { path, logProb } = hmmViterbi(chain, logLikelihoods);
  return {
    logLikelihood,
    filtered: filtered && NestedArray.rows(filtered, stateCount),
    predicted: predicted && NestedArray.rows(predicted, stateCount),
    smoothed: smoothed && NestedArray.rows(smoothed, stateCount),
    viterbi: { path, logProbability: logProb },
  };
}

export type HmmPosterior = ReturnType<typeof infer>;

/** log p(y_t | z_t), [T, K]; 0 if the observation is missing. */
function readLogLikelihoods({ initial, emission, observations }: HmmModel): Float64Array {
  const stateCount = initial.length;
  if (emission.kind === 'logLikelihoods') {
    if (observations !== undefined) {
      throw new InvalidInputError(
        'observations',
        'expected none, because emission.values takes their place; leave it out',
      );
    }
    const { values } = emission;
    const table = readTable(values, [values.length, stateCount], 'emission.values');
    return table.map((value) => (Number.isNaN(value) ? 0 : value));
  }
  if (observations === undefined) throw new InvalidInputError('observations', 'is required');
  if (emission.kind === 'categorical') {
    const symbolCount = emission.probs[0]!.length;
    const probs = readTable(emission.probs, [stateCount, symbolCount], 'emission.probs');
    return emissionLogLikelihoods({ kind: 'categorical', symbolCount, probs }, observations);
  }
  const means = readTable(emission.means, [stateCount], 'emission.means');
  const stds = readTable(emission.stds, [stateCount], 'emission.stds');
  return emissionLogLikelihoods({ kind: 'gaussian', means, stds }, observations);
}

/**
 * Answers filtered, predicted and smoothed [T][K] and a path [T]; works with log-likelihoods and back pointers as well.
 */
function size({ initial, emission, observations }: HmmModel): InferenceSize {
  const states = initial.length;
  const given = emission.kind === 'logLikelihoods';
  const steps = given ? emission.values.length : (observations?.length ?? 0);
  const symbols = emission.kind === 'categorical' ? emission.probs[0]!.length : 2;
  return {
    field: given ? 'emission.values' : 'observations',
    what: `${formatCounted(steps, 'observation')} of ${formatCounted(states, 'state')}`,
    read: states + states ** 2 + (given ? steps * states : states * symbols + steps),
    worked: 6 * steps * states + 2 * states ** 2,
    answered: 3 * steps * states + steps,
    arrays: 3 * steps,
  };
}

function summary({ logLikelihood, smoothed, viterbi: { path, logProbability } }: HmmPosterior): Summary {
  if (smoothed === null || path === null) {
    return {
      facts: [['log-likelihood', '-Infinity: the observations are impossible']],
      table: [],
      more: 0,
    };
  }
  const [steps, states] = smoothed.shape as [number, number];
  return {
    facts: [
      ['log-likelihood', shownNumber(logLikelihood)],
      ['most probable path', `log-probability ${shownNumber(logProbability)}`],
    ],
    ...summaryRows(['t', 'path', ...summaryCells(states, (state) => `p(${state})`)], steps, (t) => [
      String(t),
      String(path[t]),
      ...summaryCells(states, (state) => shownNumber(smoothed.at(t, state))),
    ]),
  };
}

/** Hidden Markov models. */
export const hmm = defineModelKind({
  kind: 'hmm',
  title: 'hidden Markov model',
  schema,
  answer: [answer],
  size,
  infer,
  summary,
  figures: hmmFigures,
  story: hmmStory,
});
