import { z } from 'zod';
import { InvalidInputError, nearestNames } from './errors.js';
import { fieldPath } from './field-path.js';
import { strictSchema } from './schema.js';
import { schemaProblem } from './schema-problem.js';

/**
 * Reads `input` by `schema`. Keys the schema does not have are errors too, with the nearest known key. Throws
 * InvalidInputError whose field is the path of the first problem, below `path`.
 */
export function parseConfig<Schema extends z.ZodObject>(
  schema: Schema,
  input: unknown,
  path = 'config',
): z.output<Schema> {
  const parsed = z.safeParse(strictSchema(schema), input);
  if (parsed.success) return parsed.data as z.output<Schema>;
  const issue = parsed.error.issues[0]!;
  const field = below(path, issue.path);
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    const known = Object.keys(schema._zod.def.shape);
    const near = nearestNames(key, known);
    const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `known keys: ${known.join(', ')}`;
    // The keys of an object further down are in the schema of that field, which need not be a plain object.
    const problem = issue.path.length === 0 ? `unknown key; ${hint}` : 'unknown key';
    throw new InvalidInputError(below(path, [...issue.path, key]), problem);
  }
  throw new InvalidInputError(field, schemaProblem(issue, input, 'is required'));
}

/** `path` stands as it was given: it may be that of a file. */
function below(path: string, keys: readonly PropertyKey[]): string {
  const rest = fieldPath(keys);
  return rest === '' || rest.startsWith('[') ? path + rest : `${path}.${rest}`;
}
