import { InvalidInputError } from '@maxent/core';
import type { ObservationPart } from '@maxent/hierarchy';
import * as z from 'zod';
import { checkInput, closedObject } from '../../../input/check-input.js';
import { parseJson } from '../../../input/parse-json.js';
import { readText } from '../../../input/read-text.js';
import type { CommandIo } from '../../../process/command-io.js';
import type { RunRequest } from '../run-config.js';

const part = z
  .tuple([z.int().nonnegative(), z.int().positive()])
  .refine(([from, to]) => from < to, 'expected [FROM, TO] with FROM < TO')
  .nullable();

/** One level in a file for `--levels`; what it leaves out comes from the command line, for all levels. */
export const levelSchema = closedObject({
  env: z
    .string()
    .optional()
    .describe('id of the environment whose reward this level optimizes [default: --env]'),
  envSet: z
    .record(z.string(), z.json())
    .optional()
    .describe("the environment's options; they override --env-set"),
  steps: z.int().positive().describe('steps of this level: its own actions'),
  sees: part
    .optional()
    .describe('first entry, and the one after the last, of the flattened observation; null for all of it'),
  belowSee: z
    .array(part)
    .optional()
    .describe(
      'what each level below sees of this environment, if its observations are laid out differently from theirs',
    ),
  every: z.int().positive().optional().describe('actions of the level below per action of this level'),
  continues: z
    .boolean()
    .optional()
    .describe(
      'whether this level goes on from what the level below has learned, as one agent with the same actions; false to act in its latents, with new critics [default: true if environment, view, rate and what critics depend on are the same]',
    ),
  preset: z.string().optional().describe("the agent's settings to start from [default: --preset]"),
  set: z.record(z.string(), z.json()).optional().describe("the agent's settings; they override --set"),
});

/** A file for `--levels`. */
export const planSchema = closedObject({ levels: z.array(levelSchema).min(1).describe('the lowest first') });

type LevelEntry = z.output<typeof levelSchema>;

/** A level of a plan. */
export interface PlannedLevel {
  /** What the command line would request for this level alone. */
  readonly request: RunRequest;
  /** What the levels below see of this environment; absent for the same as in their own. */
  readonly belowSee?: readonly (ObservationPart | null)[] | undefined;
  /** Whether it continues the level below; absent to do so if it can. */
  readonly continues?: boolean | undefined;
}

/**
 * Reads `--levels`: steps for each level, such as `50000,50000`, or a JSON file with a full plan. Throws
 * InvalidInputError.
 */
export async function readLevelPlan(
  io: CommandIo,
  text: string,
  request: RunRequest,
): Promise<PlannedLevel[]> {
  if (request.steps !== undefined) {
    throw new InvalidInputError('--steps', 'is given by --levels for each level; leave it out');
  }
  if (request.family !== undefined) {
    throw new InvalidInputError('--family', 'cannot be learned level by level; name an environment');
  }
  const plan = /^\d+(,\d+)*$/.test(text)
    ? { levels: text.split(',').map((steps) => ({ steps: Number(steps) })) }
    : parseJson(await readText(io, text, '--levels'), text, '--levels');
  return checkInput(planSchema, plan, '--levels').levels.map((entry, i) => {
    const belowSee = entry.belowSee?.map(partOf);
    if (belowSee !== undefined && belowSee.length !== i) {
      throw new InvalidInputError(
        `levels[${i}].belowSee`,
        `expected one for each level below, ${i} in all, got ${belowSee.length}`,
      );
    }
    return { request: levelRequest(request, entry, i), belowSee, continues: entry.continues };
  });
}

function levelRequest(request: RunRequest, entry: LevelEntry, level: number): RunRequest {
  const { env, envSet = {}, steps, sees = null, every = 1, preset, set = {} } = entry;
  return {
    ...request,
    env: env ?? request.env,
    preset: preset ?? request.preset,
    set: overlaid(request.set, set),
    // Options of another environment would be unknown.
    envSet: overlaid(env === undefined || env === request.env ? request.envSet : [], envSet),
    steps,
    level: { below: level, sees: partOf(sees), every },
  };
}

function partOf(range: readonly [number, number] | null): ObservationPart | null {
  return range === null ? null : { from: range[0], to: range[1] };
}

/** `key=value` texts; entries of the object replace texts with the same key. */
function overlaid(texts: readonly string[], values: Readonly<Record<string, unknown>>): string[] {
  return [
    ...texts.filter((text) => !Object.hasOwn(values, text.slice(0, Math.max(text.indexOf('='), 0)))),
    ...Object.entries(values).map(
      ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ),
  ];
}
