import { InvalidInputError } from './errors.js';

/** How far the sum of probabilities may be from 1. */
const SUM_TOLERANCE = 1e-9;

/** Throws InvalidInputError unless `count` is a positive integer. */
export function requireCount(field: string, count: number): void {
  if (!Number.isInteger(count) || count < 1) {
    throw new InvalidInputError(field, `expected a positive integer, got ${count}`);
  }
}

/** Throws InvalidInputError unless `array` has `length` entries. */
export function requireLength(field: string, array: ArrayLike<number>, length: number): void {
  if (array.length !== length) {
    throw new InvalidInputError(field, `expected ${length} entries, got ${array.length}`);
  }
}

/** Whether `values` from `start` to before `end` are non-negative and sum to 1 within 1e-9. */
export function isDistribution(values: Float64Array, start: number, end: number): boolean {
  let sum = 0;
  for (let i = start; i < end; i++) {
    if (!(values[i]! >= 0)) return false;
    sum += values[i]!;
  }
  return Math.abs(sum - 1) <= SUM_TOLERANCE;
}

/**
 * Throws InvalidInputError unless `probabilities` are non-negative and sum to 1 within 1e-9. `indexOf` names the
 * entries when they are not simply counted, such as the columns of a sparse row.
 */
export function requireDistribution(
  field: string,
  probabilities: Float64Array,
  indexOf: (i: number) => number = (i) => i,
): void {
  let sum = 0;
  probabilities.forEach((probability, i) => {
    if (!(probability >= 0)) {
      throw new InvalidInputError(
        `${field}[${indexOf(i)}]`,
        `expected a probability of at least 0, got ${probability}`,
      );
    }
    sum += probability;
  });
  if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
    throw new InvalidInputError(field, `expected probabilities that sum to 1, got a sum of ${sum}`);
  }
}
