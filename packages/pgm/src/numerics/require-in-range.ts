import { InvalidInputError } from '@maxent/core';

/**
 * The largest absolute value that inference accepts, 1e100: a double holds 1.8e308, and inference multiplies numbers,
 * adds them and divides by the smallest. Nothing that is measured comes near it, in any unit.
 */
const LARGEST = 1e100;
/** Like `LARGEST`, for entries of matrices, of which three are multiplied together. */
const LARGEST_ENTRY = 1e50;

/**
 * Throws InvalidInputError for `field()` when `value` is finite and beyond 1e100: the answer would overflow. The caller
 * must check values that are not finite.
 */
export function requireInRange(field: () => string, value: number): void {
  requireUpTo(LARGEST, field, value);
}

/** Like `requireInRange`, for an entry of a matrix, or of a vector that a matrix multiplies: up to 1e50. */
export function requireEntryInRange(field: () => string, value: number): void {
  requireUpTo(LARGEST_ENTRY, field, value);
}

/** Throws InvalidInputError unless `value`, a divisor above 0, is from 1e-100 to 1e100. */
export function requireDivisor(field: () => string, value: number): void {
  if (value >= 1 / LARGEST && value <= LARGEST) return;
  throw new InvalidInputError(
    field(),
    `expected a number from ${1 / LARGEST} to ${LARGEST}, got ${value}: dividing by it would overflow; use other units`,
  );
}

function requireUpTo(largest: number, field: () => string, value: number): void {
  if (!(Math.abs(value) > largest && Math.abs(value) < Infinity)) return;
  throw new InvalidInputError(
    field(),
    `expected a number up to ${largest} in size, got ${value}: the answer would overflow; use other units`,
  );
}
