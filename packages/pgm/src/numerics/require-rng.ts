import { InvalidInputError, isRecord, type Rng, showValue } from '@maxent/core';

/** Throws InvalidInputError unless `rng` is one, of this copy of @maxent/core or another. */
export function requireRng(rng: Rng): void {
  if (isRecord(rng) && typeof rng.categorical === 'function') return;
  throw new InvalidInputError('rng', `expected an Rng, got ${showValue(rng)}; write Rng.fromSeed(1)`);
}
