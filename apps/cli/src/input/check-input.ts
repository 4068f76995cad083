import { fieldPath, InvalidInputError, nearestNames, showValue } from '@maxent/core';
import { z } from 'zod';

/** An object without other keys than those of `shape`; the error for another key names the nearest of them. */
export function closedObject<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape);
  const error = (issue: z.core.$ZodRawIssue): string | undefined => {
    if (issue.code !== 'unrecognized_keys') return undefined;
    const near = nearestNames(issue.keys[0]!, known);
    return `unknown key; ${near.length > 0 ? `did you mean ${near.join(' or ')}?` : `known keys: ${known.join(', ')}`}`;
  };
  return z.strictObject(shape, { error });
}

/**
 * Reads `input` by `schema`. Throws InvalidInputError whose field is the path of the first problem, such as
 * `factors[1].values`; a problem of the whole document is one of `root`.
 */
export function checkInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  root: string,
): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  // A misspelt key is also a missing one; its own name says more.
  const issue = deepest(issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!);
  if (issue.code === 'unrecognized_keys') {
    throw new InvalidInputError(fieldPath([...issue.path, issue.keys[0]!]), issue.message);
  }
  const value = valueAt(input, issue.path);
  const problem = value === undefined ? 'is required' : `${expectationOf(issue)}, got ${show(value)}`;
  throw new InvalidInputError(fieldPath(issue.path) || root, problem);
}

/** What zod expected, without its words around it. */
export function expectationOf({ message }: z.core.$ZodIssue): string {
  return message
    .replace(/^(Invalid \w+|Too small|Too big): /, '')
    .replace(/^Invalid discriminator value\. E/, 'e')
    .replace(/, received .*$/, '');
}

/** Of the alternatives of a union the one that the value came nearest to: what is wrong lies deepest in it. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  let found: z.core.$ZodIssue = issue;
  for (const [first] of issue.errors) {
    if (first === undefined) continue;
    const inner = deepest({ ...first, path: [...issue.path, ...first.path] });
    if (inner.path.length > found.path.length) found = inner;
  }
  return found;
}

/** A number that JSON can write and a double cannot hold arrives as an infinity. */
function show(value: unknown): string {
  if (value === Infinity || value === -Infinity) {
    return 'a number beyond 1.8e308 (overflow)';
  }
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return showValue(value);
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key],
    input,
  );
}
