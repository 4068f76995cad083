import { z } from 'zod';
import { jsonNumber } from './json-number.js';

/** What `maxent eval` answers. */
export const evalAnswer = z.object({
  returnMean: jsonNumber,
  returnStd: jsonNumber.describe('population standard deviation'),
  returns: z.array(jsonNumber),
  lengths: z.array(z.int()),
  step: z.int().describe('environment step of the checkpoint that was evaluated'),
});

export type EvalAnswer = z.output<typeof evalAnswer>;
