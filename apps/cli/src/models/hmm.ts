import { InvalidInputError } from '@maxent/core';
import { emissionLogLikelihoods, hmmSmooth, hmmViterbi } from '@maxent/pgm';
import { z } from 'zod';
import type { HmmAnswer } from '../commands/infer/answer.js';
import { closedObject } from '../input/check-input.js';
import { jsonNumberOrMinusInfinity } from '../input/json-number.js';
import { readTable } from '../input/read-table.js';
import { nestRows } from '../output/nest.js';

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
      .describe(
        'log p(observation t | state), [T][K]; null for a missing row. observations is then left out',
      ),
  }),
]);

export const hmmModel = closedObject({
  kind: z.literal('hmm'),
  initial: z.array(z.number()).min(1).describe('p(z_0), [K]'),
  transition: z.array(z.array(z.number())).describe("p(z' | z), one row for each from-state, [K][K]"),
  emission,
  observations: z
    .array(z.number().nullable())
    .min(1)
    .exactOptional()
    .describe('[T]; symbols 0 to M-1 for categorical, numbers for gaussian, null for a missing one'),
});

type HmmModel = z.output<typeof hmmModel>;

/** Filters, smooths and finds the most probable path. Throws InvalidInputError. */
export function inferHmm(model: HmmModel): HmmAnswer {
  const stateCount = model.initial.length;
  const chain = {
    initial: Float64Array.from(model.initial),
    transition: readTable(model.transition, [stateCount, stateCount], 'transition'),
  };
  const logLikelihoods = readLogLikelihoods(model);
  const { logLikelihood, filtered, predicted, smoothed } = hmmSmooth(chain, logLikelihoods);
  const { path, logProbability } = hmmViterbi(chain, logLikelihoods);
  return {
    logLikelihood,
    filtered: filtered && nestRows(filtered, stateCount),
    predicted: predicted && nestRows(predicted, stateCount),
    smoothed: smoothed && nestRows(smoothed, stateCount),
    viterbi: { path: path && Array.from(path), logProbability },
  };
}

/** log p(y_t | z_t), [T, K], 0 where an observation is missing. */
function readLogLikelihoods({ initial, emission, observations }: HmmModel): Float64Array {
  const stateCount = initial.length;
  if (emission.kind === 'logLikelihoods') {
    if (observations !== undefined) {
      throw new InvalidInputError(
        'observations',
        'expected none, because emission.values is about them; leave it out',
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
