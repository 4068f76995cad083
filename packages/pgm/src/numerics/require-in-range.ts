import { InvalidInputError } from '@maxent/core';

/**
 * Largest size of a number that inference takes, 1e100: a double holds 1.8e308, and inference multiplies numbers, sums
 * them and divides by the smallest. No unit of anything measured comes near.
 */
const LARGEST = 1e100;
/** As `LARGEST`, for entries of matrices, which are multiplied by each other three at a time. */
const LARGEST_ENTRY = 1e50;

/**
 * Throws InvalidInputError for `field()` when `value` is finite and beyond 1e100: the answer would overflow. What is
 * not finite is for the caller to judge.
 */
export function requireInRange(field: () => string, value: number): void {
  requireUpTo(LARGEST, field, value);
}

/** As `requireInRange`, for an entry of a matrix or of a vector that is multiplied by one: up to 1e50. */
export function requireEntryInRange(field: () => string, value: number): void {
  requireUpTo(LARGEST_ENTRY, field, value);
}

/** Throws InvalidInputError unless `value`, which is above 0 and divides, is from 1e-100 to 1e100. */
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
