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
    // The keys of an object further down are in the schema of that field, which need not be a plain object.
    const problem = issue.path.length === 0 ? `unknown key; ${hint}` : 'unknown key';
    throw new InvalidInputError(`${field}.${key}`, problem);
  }
  throw new InvalidInputError(field, `${problemOf(issue)}, got ${show(valueAt(input, issue.path))}`);
}

/** What a value of a union could have been; zod's own message says only that it is none of it. */
function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue.message;
  const alternatives = issue.errors.map(([first]) =>
    (first?.message ?? '').replace(/^.*expected /, '').replace(/, received .*$/, ''),
  );
  return `Invalid input: expected ${alternatives.join(' or ')}`;
}

/** The value as JSON where JSON can hold it, so that a string is told from a number. */
function show(value: unknown): string {
  return typeof value === 'string' || (typeof value === 'object' && value !== null)
    ? JSON.stringify(value)
    : String(value);
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      value === null || value === undefined ? undefined : (value as Record<PropertyKey, unknown>)[key],
    input,
  );
}
