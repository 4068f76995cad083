import { InvalidInputError, requireCount, requireObject, requireTypedNumbers } from '@maxent/core';
import { requireAnswerMemory } from '../numerics/require-answer-memory.js';
import type { FilteredHmm } from './filter.js';
import { type HiddenMarkovModel, readModel, requireStates } from './model.js';

/**
 * Returns p(z_{T+s} | y_0 .. y_{T-1}) for s = 0 .. steps - 1, [steps, K]; null if the observations were impossible.
 * `filter` is the result of `hmmFilter` or of a smoother for the same model and T observations. Throws
 * InvalidInputError for an invalid model, and if a time-varying transition has fewer than T + steps - 1 matrices.
 */
export function forecastHmm(
  model: HiddenMarkovModel,
  filter: FilteredHmm,
  steps: number,
): Float64Array | null {
  requireCount('steps', steps);
  requireObject('filter', filter, 'hmmFilter(model, logLikelihoods)');
  const { filtered } = filter;
  if (filtered === null) return null;
  requireTypedNumbers('filtered', filtered);
  const K = requireStates(model);
  const elapsed = filtered.length / K;
  if (!Number.isInteger(elapsed)) {
    throw new InvalidInputError('filtered', `expected a multiple of ${K} entries, got ${filtered.length}`);
  }
  requireAnswerMemory('steps', 2 * (steps + 1) * K, `${steps} steps of ${K} states`);
  const chain = readModel(model, elapsed + steps - 1);
  const rows = new Float64Array((steps + 1) * K);
  rows.set(filtered.subarray((elapsed - 1) * K));
  for (let s = 0; s < steps; s++) {
    chain.transitionAt(elapsed - 1 + s).pushForward(rows, s * K, rows, (s + 1) * K);
  }
  return rows.slice(K);
}
