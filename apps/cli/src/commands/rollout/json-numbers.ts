import { InvalidInputError, showValue } from '@maxent/core';

/** A number of the input; infinities are written as strings. */
function readNumber(value: unknown, field: string): number {
  if (value === 'Infinity') return Number.POSITIVE_INFINITY;
  if (value === '-Infinity') return Number.NEGATIVE_INFINITY;
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value;
    throw new InvalidInputError(
      field,
      'a number beyond 1.8e308 overflows; write "Infinity", in quotes, for infinity',
    );
  }
  throw new InvalidInputError(field, `expected a number, "Infinity" or "-Infinity", got ${showValue(value)}`);
}

/** The numbers of an array of any nesting, in order; a single number is an array of one. */
export function readNumbers(value: unknown, field: string): number[] {
  if (!Array.isArray(value)) return [readNumber(value, field)];
  return value.flatMap((item, index) => readNumbers(item, `${field}[${index}]`));
}

/** Like `readNumbers`, for values that must be finite, such as a state. */
export function readFiniteNumbers(value: unknown, field: string): number[] {
  const numbers = readNumbers(value, field);
  const bad = numbers.findIndex((number) => !Number.isFinite(number));
  if (bad < 0) return numbers;
  throw new InvalidInputError(
    Array.isArray(value) ? `${field}[${bad}]` : field,
    `expected a finite number, got ${numbers[bad]}`,
  );
}
