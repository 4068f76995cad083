import { z } from 'zod';
import { jsonNumber } from '../input/json-number.js';

/** What `maxent reproduce NAME` answers. */
export const reproduceAnswer = z.object({
  name: z.string(),
  claim: z.string().describe('what the theory says, and what counts as seeing it'),
  directory: z.string().describe('where results and pictures are'),
  units: z
    .array(
      z.object({
        name: z.string(),
        commit: z.string().nullable().describe('of maxent, when the unit ran; null for an installed package'),
        seconds: z.number().nullable().describe('wall-clock time; null while the unit has not run'),
      }),
    )
    .readonly(),
  table: z.array(z.record(z.string(), z.union([z.string(), jsonNumber]))).readonly(),
  checks: z
    .array(
      z.object({
        name: z.string(),
        value: jsonNumber,
        limit: z.number(),
        must: z.enum(['be at least', 'be at most']),
        holds: z.boolean(),
      }),
    )
    .readonly(),
  holds: z
    .boolean()
    .nullable()
    .describe('whether every check holds; null while units are missing, and where nothing was claimed'),
  pictures: z.array(z.string()).readonly(),
});

export type ReproduceAnswer = z.output<typeof reproduceAnswer>;
