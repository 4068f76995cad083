import { z } from 'zod';
import { jsonNumber } from './json-number.js';

/** What `maxent train` and `maxent quick-start` answer. */
export const trainAnswer = z.object({
  runDir: z.string(),
  steps: z.int().describe('environment steps, those of earlier sessions included'),
  updates: z.int().describe('gradient steps'),
  stepsPerSecond: z.number().describe('environment steps per second of this session'),
  evaluations: z.array(
    z.object({
      step: z.int(),
      returnMean: jsonNumber,
      returnStd: jsonNumber,
      episodes: z.int(),
    }),
  ),
  backend: z.enum(['native', 'wasm', 'cpu']),
  outcome: z.enum(['completed', 'solved', 'interrupted']),
  report: z.string().describe('path of report.html'),
  levels: z
    .array(z.object({ runDir: z.string(), steps: z.int() }))
    .optional()
    .describe(
      'with --levels, the run of each level; steps, updates and evaluations are then counted through',
    ),
  curve: z.string().optional().describe('with --levels, path of the picture of all learning curves'),
});

export type TrainAnswer = z.output<typeof trainAnswer>;
