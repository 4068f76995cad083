import { InvalidInputError } from '@maxent/core';
import { z } from 'zod';
import type { CommandIo } from '../command-io.js';
import { checkInput, closedObject } from '../input/check-input.js';
import { parseJson } from '../input/parse-json.js';
import { readText } from '../input/read-text.js';
import type { RunRequest } from './run-config.js';

/** One level in a file for `--levels`; what it leaves out, the command line says for all levels. */
const levelSchema = closedObject({
  env: z.string().optional().describe('id of the environment, whose reward this level optimises'),
  envSet: z.record(z.string(), z.json()).optional().describe("the environment's options"),
  steps: z.int().positive().describe('steps of this level'),
  sees: z
    .tuple([z.int().nonnegative(), z.int().positive()])
    .nullable()
    .optional()
    .describe('first entry, and the one after the last, of the flattened observation; null for all of it'),
  every: z.int().positive().optional().describe('actions of the level below for which one action stands'),
  preset: z.string().optional().describe("the agent's settings to start from"),
  set: z.record(z.string(), z.json()).optional().describe("the agent's settings"),
});

const planSchema = closedObject({ levels: z.array(levelSchema).min(1) });

type LevelEntry = z.output<typeof levelSchema>;

/**
 * `--levels`: steps for each level, such as `50000,50000`, or a JSON file with more about them. Returns what the command
 * line would say for each level alone. Throws InvalidInputError.
 */
export async function readLevelPlan(io: CommandIo, text: string, request: RunRequest): Promise<RunRequest[]> {
  if (request.steps !== undefined) {
    throw new InvalidInputError('--steps', 'is given by --levels, for each level; leave it out');
  }
  const plan = /^\d+(,\d+)*$/.test(text)
    ? { levels: text.split(',').map((steps) => ({ steps: Number(steps) })) }
    : parseJson(await readText(io, text, '--levels'), text, '--levels');
  return checkInput(planSchema, plan, '--levels').levels.map((entry, i) => levelRequest(request, entry, i));
}

function levelRequest(request: RunRequest, entry: LevelEntry, level: number): RunRequest {
  const { env, envSet = {}, steps, sees = null, every = 1, preset, set = {} } = entry;
  return {
    ...request,
    env: env ?? request.env,
    preset: preset ?? request.preset,
    set: overlaid(request.set, set),
    // Options of another environment would not be known.
    envSet: overlaid(env === undefined || env === request.env ? request.envSet : [], envSet),
    steps,
    level: { below: level, sees: sees === null ? null : { from: sees[0], to: sees[1] }, every },
  };
}

/** `key=value` texts, those of the object in place of texts with the same key. */
function overlaid(texts: readonly string[], values: Readonly<Record<string, unknown>>): string[] {
  return [
    ...texts.filter((text) => !Object.hasOwn(values, text.slice(0, Math.max(text.indexOf('='), 0)))),
    ...Object.entries(values).map(
      ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ),
  ];
}
