import { join } from 'node:path';
import { DamagedDataError, InvalidInputError } from '@maxent/core';
import { PLAN_FILE } from '@maxent/hierarchy/node';
import { RunConfigSchema } from '@maxent/training';
import { readStoredText, replaceFile } from '@maxent/training/node';
import * as z from 'zod';
import { checkInput } from '../../../input/check-input.js';
import { parseJson } from '../../../input/parse-json.js';
import type { CommandIo } from '../../../process/command-io.js';
import { resolvePath } from '../../../process/paths.js';
import type { RunRequest } from '../run-config.js';
import type { PlannedLevel } from './level-plan.js';

const { level, steps, seed } = RunConfigSchema.shape;
const text = z.string().optional();
const count = steps.optional();

/** Every option that a level may be planned with; a task family has no levels, and what a level goes on from is found when it
 * starts. */
const request = z.strictObject({
  agent: text,
  env: text,
  preset: text,
  set: z.array(z.string()),
  envSet: z.array(z.string()),
  steps,
  seed: seed.optional(),
  envs: count,
  evalEvery: count,
  evalEpisodes: count,
  evalMaxSteps: count,
  logEvery: count,
  checkpointEvery: count,
  stopAt: z.number().optional(),
  level: level.unwrap(),
} satisfies Record<Exclude<keyof RunRequest, 'family' | 'from'>, z.ZodType>);

const storedPlan: z.ZodType<PlannedLevel[]> = z
  .array(
    z.strictObject({
      request,
      belowSee: z.array(level.unwrap().shape.sees).optional(),
      // Version 0.1.0 had no levels that continue others.
      continues: z.boolean().default(false),
    }),
  )
  .min(1);

/** Throws DamagedDataError if the file does not hold a plan. */
export async function readStoredPlan(directory: string): Promise<PlannedLevel[]> {
  const file = join(directory, PLAN_FILE);
  const content = await readStoredText(file);
  try {
    return checkInput(storedPlan, parseJson(content, PLAN_FILE, PLAN_FILE), PLAN_FILE);
  } catch (cause) {
    throw new DamagedDataError(
      `"${file}" cannot be used: ${(cause as Error).message}; repeat the command that started the hierarchy, with --resume`,
      { cause },
    );
  }
}

/** Throws InvalidInputError for `--out` if the directory cannot be written. */
export async function writeStoredPlan(
  io: CommandIo,
  hierarchy: string,
  plan: readonly PlannedLevel[],
): Promise<void> {
  try {
    await replaceFile(join(resolvePath(io, hierarchy), PLAN_FILE), `${JSON.stringify(plan, null, 2)}\n`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InvalidInputError('--out', `cannot write to "${hierarchy}" (${code})`, { cause: error });
  }
}
