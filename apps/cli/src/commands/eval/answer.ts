import * as z from 'zod';
import { jsonNumber } from '../../input/json-number.js';
import { episodeCounts } from '../../runs/evaluation-fields.js';

/** What `maxent eval` answers. */
export const evalAnswer = z.object({
  returnMean: jsonNumber,
  returnStd: jsonNumber.describe('population standard deviation'),
  returns: z.array(jsonNumber),
  lengths: z.array(z.int()),
  step: z.int().describe('environment step of the checkpoint that was evaluated'),
  transformedReturnMean: jsonNumber
    .optional()
    .describe(
      "sums of the rewards that the agent learns from, if a wrapper changed them; returns are sums of the environment's own",
    ),
  ...episodeCounts,
});

export type EvalAnswer = z.output<typeof evalAnswer>;
