import type { z } from 'zod';
import { showValue } from './show-value.js';

/**
 * What is wrong with the value at an issue's path, as the end of a sentence: `expected number, got "x"`, or `missing` for
 * a value that is not there.
 */
export function schemaProblem(issue: z.core.$ZodIssue, input: unknown, missing = 'is missing'): string {
  if (issue.code === 'unrecognized_keys') return `unknown key ${JSON.stringify(issue.keys[0])}`;
  const value = valueAt(input, issue.path);
  return value === undefined ? missing : `${expectationOf(issue)}, got ${showValue(value)}`;
}

/** What was expected, without what zod received: the value itself says that. */
function expectationOf(issue: z.core.$ZodIssue): string {
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
