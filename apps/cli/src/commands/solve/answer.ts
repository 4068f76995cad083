import * as z from 'zod';
import { jsonMatrices, jsonMatrix, jsonNumber } from '../../input/json-number.js';
import { comparisonAnswer } from '../../models/compare/comparison-answer.js';

const note = z.string().exactOptional().describe('a note on the values, for people');

export const stationaryAnswer = z
  .object({
    startValue: jsonNumber.describe('mean of V over the start distribution'),
    iterations: z.int(),
    residual: jsonNumber.describe('largest change in V after one more sweep'),
    V: z.array(jsonNumber).describe('[S]'),
    policy: z.array(z.array(jsonNumber)).describe('p(a | s), [S][A]'),
    note,
  })
  .describe('without a horizon');

const finiteAnswer = z
  .object({
    startValue: jsonNumber.describe('mean of V_0 over the start distribution'),
    V: jsonMatrix.describe('[T+1][S]'),
    policy: jsonMatrices.describe('p(a | s), [T][S][A]'),
    stateMarginals: jsonMatrix.nullable().describe('p(s_t), [T][S], as in infer'),
    note,
  })
  .describe('with --horizon');

/** What `maxent solve` answers. */
export const solveAnswer = z.union([stationaryAnswer, finiteAnswer, comparisonAnswer]);
