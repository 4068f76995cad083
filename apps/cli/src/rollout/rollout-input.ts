import { InvalidInputError } from '@maxent/core';
import { z } from 'zod';

const schema = z.strictObject({
  seed: z.int().nonnegative().optional(),
  state: z.unknown().optional(),
  actions: z.array(z.unknown()),
});

export type RolloutInput = z.output<typeof schema>;

/** Reads the content of a rollout file: `{"seed"?, "state"?, "actions"}`. Throws InvalidInputError. */
export function readRolloutInput(text: string, name: string): RolloutInput {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InvalidInputError('--input', `${name} is not JSON: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.path.join('.') || '--input';
  throw new InvalidInputError(field, `${issue.message}; expected {"seed"?, "state"?, "actions"}`);
}
