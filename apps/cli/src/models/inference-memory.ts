import { requireMemory } from '@maxent/core';
import { formatCounted } from '../output/format-number.js';

/** Most bytes that reading a model, inference and its answer may take together: 1 GiB. */
export const MEMORY_LIMIT = 2 ** 30;

/** A number that is read: as parsed from JSON, and in a flat array. */
const BYTES_READ = 16;
/** A number that inference works with: float64. */
const BYTES_WORKED = 8;
/**
 * A number in the answer: in a flat array, in nested arrays, in the arrays that are written, and 24 characters of text,
 * twice. An answer of 1 GiB at this rate is shorter than the longest string, 2^29 characters.
 */
const BYTES_ANSWERED = 72;

/** An array of numbers in the answer, nested and as written. */
const BYTES_PER_ARRAY = 160;

/** How many numbers an inference reads, works with and returns. */
export interface InferenceSize {
  /** The field that determines the length of the answer. */
  readonly field: string;
  /** The sizes in words, such as `1000 steps of 50 states and 4 actions`. */
  readonly what: string;
  readonly read: number;
  readonly worked: number;
  readonly answered: number;
  /** Number of arrays in the answer. */
  readonly arrays: number;
}

/** Throws InvalidInputError, before anything is allocated, if inference would take more than 1 GiB. */
export function requireInferenceMemory({ field, what, read, worked, answered, arrays }: InferenceSize): void {
  requireMemory(
    field,
    read * BYTES_READ + worked * BYTES_WORKED + answered * BYTES_ANSWERED + arrays * BYTES_PER_ARRAY,
    MEMORY_LIMIT,
    {
      what: `${what}, with an answer of ${formatCounted(answered, 'number')},`,
      remedy: 'ask for less at a time, or use @maxent/pgm, which returns typed arrays',
    },
  );
}
