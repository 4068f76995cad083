import { InvalidInputError } from '@maxent/core';

/** Throws InvalidInputError with the field, which says where the text stands, when it is not JSON. */
export function readJson(field: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidInputError(field, 'expected JSON', { cause });
  }
}
