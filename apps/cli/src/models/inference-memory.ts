import { requireMemory } from '@maxent/core';
import { formatCounted } from '../output/format-number.js';

/** Most bytes that reading a model, inference and its answer may take together: 1 GiB. */
export const MEMORY_LIMIT = 2 ** 30;

/** A number read: as JSON gave it, and in a flat array. */
const BYTES_READ = 16;
/** A number of the work: float64. */
const BYTES_WORKED = 8;
/**
 * A number answered: in a flat array, in nested ones, in those that are written, and 24 characters of text, twice. An
 * answer of 1 GiB at this rate is shorter than the longest string, 2^29 characters.
 */
const BYTES_ANSWERED = 72;

/** An array that holds numbers of the answer, as nested and as written. */
const BYTES_PER_ARRAY = 160;

/** How many numbers an inference reads, works with and answers. */
export interface InferenceSize {
  /** The field that makes the answer long. */
  readonly field: string;
  /** What the sizes are, such as `1000 steps of 50 states and 4 actions`. */
  readonly what: string;
  readonly read: number;
  readonly worked: number;
  readonly answered: number;
  /** Arrays that the answer consists of. */
  readonly arrays: number;
}

/** Throws InvalidInputError, before anything is allocated, for what would take more than 1 GiB. */
export function requireInferenceMemory({ field, what, read, worked, answered, arrays }: InferenceSize): void {
  requireMemory(
    field,
    read * BYTES_READ + worked * BYTES_WORKED + answered * BYTES_ANSWERED + arrays * BYTES_PER_ARRAY,
    MEMORY_LIMIT,
    {
      what: `${what}, with an answer of ${formatCounted(answered, 'number')},`,
      remedy: 'ask for less at a time, or use @maxent/pgm, which answers in arrays',
    },
  );
}
