import { z } from 'zod';
import { InvalidInputError, nearestNames } from './errors.js';

/**
 * Reads `input` by `schema`. Keys the schema does not have are errors too, with the nearest known key. Throws
 * InvalidInputError whose field is the path of the first problem, below `path`.
 */
export function parseConfig<Schema extends z.ZodObject>(
  schema: Schema,
  input: unknown,
  path = 'config',
): z.output<Schema> {
  const parsed = z.safeParse(schema.strict(), input);
  if (parsed.success) return parsed.data as z.output<Schema>;
  const issue = parsed.error.issues[0]!;
  const field = [path, ...issue.path.map(String)].join('.');
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    const known = Object.keys(schema.shape);
    const near = nearestNames(key, known);
    const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `known keys: ${known.join(', ')}`;
    throw new InvalidInputError(`${field}.${key}`, `unknown key; ${hint}`);
  }
  throw new InvalidInputError(field, `${issue.message}, got ${JSON.stringify(valueAt(input, issue.path))}`);
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      value === null || value === undefined ? undefined : (value as Record<PropertyKey, unknown>)[key],
    input,
  );
}
