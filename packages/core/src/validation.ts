import { typedArrayName } from './arrays.js';
import { InvalidInputError } from './errors.js';
import { isRecord } from './is-record.js';
import { showValue } from './show-value.js';

/** How far a sum of probabilities may be from 1. */
const SUM_TOLERANCE = 1e-9;

/** Throws InvalidInputError unless `count` is a positive integer. */
export function requireCount(field: string, count: number): void {
  if (!Number.isInteger(count) || count < 1) {
    throw new InvalidInputError(field, `expected a positive integer, got ${count}`);
  }
}

/** Throws InvalidInputError unless `environment` can be the index of one of several environments, or is absent. */
export function requireEnvironmentIndex(field: string, environment: number | undefined): void {
  if (environment === undefined || (Number.isSafeInteger(environment) && environment >= 0)) return;
  throw new InvalidInputError(
    field,
    `expected the index of an environment, an integer from 0, or nothing for 0, got ${showValue(environment)}`,
  );
}

/** Throws InvalidInputError unless `value` is an object with keys; `example` shows how to write one. */
export function requireObject(field: string, value: unknown, example: string): void {
  if (isRecord(value)) return;
  throw new InvalidInputError(field, `expected an object such as ${example}, got ${showValue(value)}`);
}

/** Throws InvalidInputError unless `value` is an Rng, from this copy of the package or another. */
export function requireRng(value: unknown): void {
  if (isRecord(value) && typeof value.categorical === 'function') return;
  throw new InvalidInputError('rng', `expected an Rng, got ${showValue(value)}; write Rng.fromSeed(1)`);
}

/** Throws InvalidInputError unless `value` is an array. */
export function requireList(field: string, value: unknown): void {
  if (Array.isArray(value)) return;
  throw new InvalidInputError(field, `expected an array, got ${showValue(value)}`);
}

/** Throws InvalidInputError unless `value` is a flat list of numbers, a typed array or a plain one. */
export function requireNumbers(field: string, value: unknown): void {
  const name = typedArrayName(value);
  if (name === undefined ? isPlainNumbers(value) : !name.startsWith('Big')) return;
  throw new InvalidInputError(
    field,
    `expected a flat list of numbers, a Float64Array, got ${showValue(value)}${flatAdvice(value)}`,
  );
}

/** As `requireNumbers`, but only for typed arrays, whose parts can be read in place. */
export function requireTypedNumbers(field: string, value: unknown): void {
  requireNumbers(field, value);
  if (typedArrayName(value) !== undefined) return;
  throw new InvalidInputError(
    field,
    `expected a Float64Array, got ${showValue(value)}; write Float64Array.from(value)`,
  );
}

function isPlainNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'number');
}

function flatAdvice(value: unknown): string {
  const nested =
    Array.isArray(value) && value.some((entry) => Array.isArray(entry) || ArrayBuffer.isView(entry));
  return nested ? '; write its rows one after the other, Float64Array.from(value.flat(Infinity))' : '';
}

/** Throws InvalidInputError unless `array` is a flat list of `length` numbers. */
export function requireLength(field: string, array: ArrayLike<number>, length: number): void {
  requireNumbers(field, array);
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
 * Throws InvalidInputError unless `probs` are non-negative and sum to 1 within 1e-9. `indexOf` gives the number by
 * which messages name an entry, if that is not its position, such as the column in a sparse row.
 */
export function requireDistribution(
  field: string,
  probs: Float64Array,
  indexOf: (i: number) => number = (i) => i,
): void {
  requireNumbers(field, probs);
  let sum = 0;
  probs.forEach((probability, i) => {
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
