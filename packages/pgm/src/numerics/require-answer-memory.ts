import { requireMemory } from '@maxent/core';

/** The most bytes that the float64 arrays of one answer may take: 8 GiB. */
const ANSWER_MEMORY_LIMIT = 2 ** 33;

/**
 * Throws InvalidInputError for `field` when an answer of `numbers` float64 numbers would take more than 8 GiB, before
 * any of it is allocated. `what` describes them, such as `1000 steps of 5 states`.
 */
export function requireAnswerMemory(field: string, numbers: number, what: string): void {
  requireMemory(field, numbers * Float64Array.BYTES_PER_ELEMENT, ANSWER_MEMORY_LIMIT, {
    what,
    remedy: `use a smaller ${field}`,
  });
}
