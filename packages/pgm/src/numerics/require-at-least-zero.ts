import { InvalidInputError } from '@maxent/core';

/** Throws InvalidInputError unless `value` is a finite number of at least 0. */
export function requireAtLeastZero(field: string, value: number): void {
  if (!(value >= 0 && value < Infinity)) {
    throw new InvalidInputError(field, `expected a finite number of at least 0, got ${value}`);
  }
}
