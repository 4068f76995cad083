import * as z from 'zod';
import { trainAnswer } from '../train/answer.js';

const interval = z.object({ low: z.number(), high: z.number() });

/** A number for each run of a group, summed up. */
const summary = z.object({
  interquartileMean: z.number(),
  interval: interval.nullable().describe('95 % bootstrap interval over the runs; null for fewer than 5'),
  range: interval.describe('from the lowest run to the highest'),
});

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
  comparison: z
    .object({
      html: z.string().nullable().describe('path of the page that --html asked for'),
      step: z
        .int()
        .nullable()
        .describe('where runs are compared: the last step that all runs with an evaluation have reached'),
      threshold: z.number().nullable().describe('return to reach'),
      groups: z.array(
        z.object({
          label: z.string().describe('what distinguishes the group from the others'),
          runDirs: z.array(z.string()),
          evaluated: z.int().describe('runs with an evaluation'),
          scored: z.int().describe('runs with one up to the step'),
          score: summary.nullable().describe('returns of the last evaluations up to the step'),
          average: summary.nullable().describe('mean returns of all evaluations up to the step'),
          reached: z.int().describe('runs that reached the threshold'),
          reachedAt: z
            .number()
            .nullable()
            .describe('median step at which they did; null unless more than half did'),
        }),
      ),
    })
    .nullable()
    .describe('numbers of runs that differ only in their seed; null unless --html or --curve compares runs'),
  curve: z.string().nullable().describe('path of the picture that --curve asked for'),
});

export type ReportAnswer = z.output<typeof reportAnswer>;
