import * as z from 'zod';
import { jsonNumber } from '../../input/json-number.js';

/** What `maxent solve` answers. */
export const solveAnswer = z.object({
  startValue: jsonNumber.describe('mean of V over the start distribution'),
  iterations: z.int(),
  residual: jsonNumber.describe('largest change in V after one more sweep'),
  V: z.array(jsonNumber).describe('[S]'),
  policy: z.array(z.array(jsonNumber)).describe('p(a | s), [S][A]'),
  note: z.string().exactOptional().describe('a note on the values, for people'),
});
