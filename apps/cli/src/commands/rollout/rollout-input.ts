import * as z from 'zod';
import { checkInput, closedObject } from '../../input/check-input.js';
import { parseJson } from '../../input/parse-json.js';

const schema = closedObject({
  seed: z.int().nonnegative().optional(),
  state: z.unknown().optional(),
  actions: z.array(z.unknown()),
});

export type RolloutInput = z.output<typeof schema>;

/** Reads the content of a rollout file: `{"seed"?, "state"?, "actions"}`. Throws InvalidInputError. */
export function readRolloutInput(text: string, name: string): RolloutInput {
  return checkInput(schema, parseJson(text, name, '--input'), '--input');
}
