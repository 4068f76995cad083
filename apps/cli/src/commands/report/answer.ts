import * as z from 'zod';
import { trainAnswer } from '../train/answer.js';

/** What `maxent report` answers. */
export const reportAnswer = z.object({
  runs: z.array(
    z.object({
      runDir: z.string(),
      report: z.string().describe('path of the report.html that was written'),
      agent: z.string(),
      environment: z.string(),
      seed: z.int(),
      lastEvaluation: trainAnswer.shape.evaluations.element.nullable(),
    }),
  ),
  curve: z.string().nullable().describe('path of the picture that --curve asked for'),
});

export type ReportAnswer = z.output<typeof reportAnswer>;
