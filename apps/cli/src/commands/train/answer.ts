import * as z from 'zod';
import { jsonNumber } from '../../input/json-number.js';
import { episodeCounts } from '../../runs/evaluation-fields.js';

/** What `maxent train` and `maxent quick-start` answer. */
export const trainAnswer = z.object({
  runDir: z.string(),
  steps: z
    .int()
    .describe('steps of the environment, or of a level that acts through others, earlier sessions included'),
  updates: z.int().describe('gradient steps'),
  stepsPerSecond: z.number().describe('of these steps, per second of this session'),
  evaluations: z.array(
    z.object({
      step: z.int(),
      returnMean: jsonNumber,
      returnStd: jsonNumber,
      episodes: z.int(),
      transformedReturnMean: jsonNumber
        .optional()
        .describe('of the rewards that the agent learns from, where a wrapper changed them'),
      ...episodeCounts,
    }),
  ),
  backend: z.enum(['native', 'wasm', 'cpu']),
  outcome: z.enum(['completed', 'solved', 'interrupted']),
  stoppedBy: z
    .enum(['SIGINT', 'SIGTERM', 'SIGHUP'])
    .optional()
    .describe('where the outcome is interrupted, the signal that asked for it'),
  report: z.string().optional().describe('path of report.html; absent when it could not be written'),
  levels: z
    .array(z.object({ runDir: z.string(), steps: z.int() }))
    .optional()
    .describe(
      'with --levels, the run of each level and its own steps; steps, updates and evaluations are then counted through',
    ),
  adaptation: z
    .object({
      explorationEpisodes: z.int().describe('episodes at the beginning that acted on the prior'),
      sharedTasks: z.int().describe('test tasks that are train tasks too'),
      tasks: z.array(
        z.object({
          task: z.record(z.string(), z.unknown()),
          returns: z.array(jsonNumber).describe('episode by episode; the last is the adapted one'),
          successes: z.array(z.int()).optional().describe('1 where an episode reached the aim of its task'),
        }),
      ),
    })
    .optional()
    .describe('with --family, the last evaluation, task by task'),
  curve: z.string().optional().describe('with --levels, path of the picture of all learning curves'),
});

export type TrainAnswer = z.output<typeof trainAnswer>;
