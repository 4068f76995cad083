import * as z from 'zod';
import { jsonNumber } from '../input/json-number.js';
import { episodeCounts } from '../runs/evaluation-fields.js';
import { EVENT_FORMAT_VERSION } from './event-stream.js';

const everyEvent = {
  formatVersion: z.literal(EVENT_FORMAT_VERSION),
  time: z.iso.datetime().describe('when the event was written, in UTC'),
};

const step = z.int().nonnegative().describe('environment steps so far, including earlier sessions');

const start = z
  .object({
    type: z.literal('start'),
    ...everyEvent,
    runDir: z.string(),
    agent: z.string(),
    environment: z.string().exactOptional(),
    family: z.string().exactOptional().describe('the task family, instead of an environment'),
    backend: z.enum(['native', 'wasm', 'cpu']),
    step: step.describe('environment steps of the checkpoint that the command begins with, or 0'),
    totalSteps: z.int().positive().exactOptional().describe('for a command that trains'),
    resumed: z.boolean().exactOptional().describe('for a command that trains'),
    totalEpisodes: z.int().positive().exactOptional().describe('for a command that runs episodes'),
  })
  .describe('training or episodes begin; with --levels, once for each level');

const level = z
  .object({
    type: z.literal('level'),
    ...everyEvent,
    level: z.int().nonnegative().describe('from 0, the lowest'),
    levels: z.int().positive(),
    runDir: z.string(),
    continues: z.boolean().describe('whether it goes on from what the level below has learned'),
  })
  .describe('with --levels, what follows up to the next level event is about this level');

const progress = z
  .object({
    type: z.literal('progress'),
    ...everyEvent,
    step,
    totalSteps: z.int().positive(),
    updates: z.int().nonnegative().describe('gradient steps so far'),
    stepsPerSecond: z.number().nonnegative().describe('of the last seconds, evaluations apart; 0 if unknown'),
    secondsLeft: z
      .number()
      .nonnegative()
      .exactOptional()
      .describe('an estimate with evaluations; absent before the pace of steps with learning is known'),
  })
  .describe('at most once a second, and at the end of training');

const metrics = z
  .object({
    type: z.literal('metrics'),
    ...everyEvent,
    step,
    updates: z.int().nonnegative(),
    values: z.record(z.string(), jsonNumber).describe('by name, as in metrics.jsonl'),
  })
  .describe('every --log-every steps');

const episode = z
  .object({
    type: z.literal('episode'),
    ...everyEvent,
    episode: z.int().positive().describe('from 1'),
    totalEpisodes: z.int().positive(),
    return: jsonNumber,
    length: z.int().positive(),
  })
  .describe('an episode of a command that runs episodes is over');

const evaluation = z
  .object({
    type: z.literal('evaluation'),
    ...everyEvent,
    step,
    returnMean: jsonNumber,
    returnStd: jsonNumber.describe('population standard deviation'),
    episodes: z.int().positive(),
    transformedReturnMean: jsonNumber
      .optional()
      .describe('mean sum of the rewards that the agent learns from, if a wrapper changed them'),
    ...episodeCounts,
  })
  .describe('an evaluation during training');

const checkpoint = z
  .object({ type: z.literal('checkpoint'), ...everyEvent, step })
  .describe('--resume can continue from this step');

const warning = z.object({ type: z.literal('warning'), ...everyEvent, step, message: z.string() });

const end = z
  .object({
    type: z.literal('end'),
    ...everyEvent,
    outcome: z.enum(['completed', 'solved', 'interrupted']),
    stoppedBy: z.enum(['SIGINT', 'SIGTERM', 'SIGHUP']).exactOptional(),
    exitCode: z.int().describe('of the command'),
    answer: z
      .record(z.string(), z.json())
      .exactOptional()
      .describe('what --json prints; absent if a signal left no time for it'),
  })
  .describe('the last event of a command that could do its work or was asked to stop');

const error = z
  .object({
    type: z.literal('error'),
    ...everyEvent,
    code: z.string().describe('as in error.json'),
    field: z.string().exactOptional().describe('the option, configuration key or file field at fault'),
    message: z.string(),
    exitCode: z.int().describe('of the command'),
  })
  .describe('the last event of a command that could not do its work');

/** One line of `--events ndjson`; published as `schemas/event.json`. */
export const eventSchema = z.discriminatedUnion('type', [
  start,
  level,
  progress,
  metrics,
  episode,
  evaluation,
  checkpoint,
  warning,
  end,
  error,
]);

type EveryKey = keyof typeof everyEvent;
type Without<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never;

/** An event without the fields that all of them have. */
export type CommandEvent = Without<z.output<typeof eventSchema>, EveryKey>;
