import * as z from 'zod';
import { jsonNumber } from '../../input/json-number.js';
import { episodeCounts } from '../../runs/evaluation-fields.js';

/** What `maxent train` and `maxent quick-start` answer. */
export const trainAnswer = z.object({
  runDir: z.string(),
  steps: z.int().describe('steps of the environment, or of a level above others, including earlier sessions'),
  updates: z.int().describe('gradient steps'),
  stepsPerSecond: z.number().describe('these steps per second in this session'),
  evaluations: z.array(
    z.object({
      step: z.int(),
      returnMean: jsonNumber,
      returnStd: jsonNumber,
      episodes: z.int(),
      transformedReturnMean: jsonNumber
        .optional()
        .describe('mean sum of the rewards that the agent learns from, if a wrapper changed them'),
      ...episodeCounts,
    }),
  ),
  backend: z.enum(['native', 'wasm', 'cpu']),
  outcome: z.enum(['completed', 'solved', 'interrupted']),
  stoppedBy: z
    .enum(['SIGINT', 'SIGTERM', 'SIGHUP'])
    .optional()
    .describe('if the outcome is interrupted, the signal that asked for it'),
  report: z.string().optional().describe('path of report.html; absent if it could not be written'),
  levels: z
    .array(z.object({ runDir: z.string(), steps: z.int() }))
    .optional()
    .describe(
      'with --levels, the run and steps of each level; steps, updates and evaluations then cover all levels',
    ),
  adaptation: z
    .object({
      explorationEpisodes: z.int().describe('episodes at the beginning that acted on the prior'),
      sharedTasks: z.int().describe('number of test tasks that are also train tasks'),
      tasks: z.array(
        z.object({
          task: z.record(z.string(), z.unknown()),
          returns: z.array(jsonNumber).describe('episode by episode; the last is the adapted one'),
          successes: z.array(z.int()).optional().describe('1 if an episode reached the goal of its task'),
        }),
      ),
    })
    .optional()
    .describe('with --family, the last evaluation, task by task'),
  curve: z.string().optional().describe('with --levels, path of the picture of all learning curves'),
});

export type TrainAnswer = z.output<typeof trainAnswer>;
