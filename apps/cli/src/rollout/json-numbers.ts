import { InvalidInputError } from '@maxent/core';

/** A number of the input; infinities are written as strings. */
function readNumber(value: unknown, field: string): number {
  if (typeof value === 'number') return value;
  if (value === 'Infinity') return Number.POSITIVE_INFINITY;
  if (value === '-Infinity') return Number.NEGATIVE_INFINITY;
  throw new InvalidInputError(
    field,
    `expected a number, "Infinity" or "-Infinity", got ${JSON.stringify(value)}`,
  );
}

/** The numbers of an array of any nesting, in order; a single number is an array of one. */
export function readNumbers(value: unknown, field: string): number[] {
  if (!Array.isArray(value)) return [readNumber(value, field)];
  return value.flatMap((item, index) => readNumbers(item, `${field}[${index}]`));
}
