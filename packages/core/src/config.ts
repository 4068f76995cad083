import { z } from 'zod';
import { InvalidInputError, nearestNames } from './errors.js';
import { fieldPath } from './field-path.js';
import { strictSchema } from './schema.js';
import { showValue } from './show-value.js';

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
  const value = valueAt(input, issue.path);
  if (value === undefined) throw new InvalidInputError(field, 'is required');
  throw new InvalidInputError(field, `${problemOf(issue)}, got ${showValue(value)}`);
}

/** `path` stands as it was given: it may be that of a file. */
function below(path: string, keys: readonly PropertyKey[]): string {
  const rest = fieldPath(keys);
  return rest === '' || rest.startsWith('[') ? path + rest : `${path}.${rest}`;
}

/** What was expected, without what zod received: the value itself says that. */
function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) {
    return issue.message.replace(/, received .*$/, '');
  }
  // What a value of a union could have been; zod's own message says only that it is not one of these.
  const alternatives = issue.errors.map(([first]) =>
    (first?.message ?? '').replace(/^.*expected /, '').replace(/, received .*$/, ''),
  );
  return `Invalid input: expected ${alternatives.join(' or ')}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      value === null || value === undefined ? undefined : (value as Record<PropertyKey, unknown>)[key],
    input,
  );
}
