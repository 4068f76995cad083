import * as z from 'zod';
import { showValue } from './show-value.js';

/** What is wrong with an input. */
export interface SchemaProblem {
  /** The field at fault, which may be an unknown key. */
  readonly path: readonly PropertyKey[];
  /** The end of a sentence about the field: `expected number, got "x"`, `is required`, `unknown key`. */
  readonly problem: string;
}

/**
 * The first problem that zod found in `input`, in this project's words. `missing` is the text for a missing value.
 * Messages that a schema's author wrote are kept.
 */
export function schemaProblem(
  issues: readonly z.core.$ZodIssue[],
  input: unknown,
  missing = 'is required',
): SchemaProblem {
  // A misspelled key also leaves the right one missing; reporting the misspelling helps more.
  const issue = deepest(issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!);
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const problem = issue.message.startsWith('Unrecognized key') ? 'unknown key' : issue.message;
    return { path: [...path, issue.keys[0]!], problem };
  }
  if (issue.code === 'invalid_key' && issue.issues.length > 0) {
    return {
      path,
      problem: `${expectationOf(issue.issues[0]!)} as the key, got ${showValue(String(path.at(-1)))}`,
    };
  }
  const value = valueAt(input, path);
  if (value === undefined) return { path, problem: missing };
  if (typeof value !== 'number' || Number.isFinite(value)) {
    return { path, problem: `${expectationOf(issue)}, got ${showValue(value)}` };
  }
  const expected = expectationOf(issue).replace(/\bnumber\b(?! to )/, 'finite number');
  const overflow = Number.isNaN(value) ? '' : ' (numbers beyond 1.8e308 overflow)';
  return { path, problem: `${expected}, got ${value}${overflow}` };
}

/** The alternative of a union that the value came closest to: the one whose problem lies deepest. */
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

/** What was expected, without zod's other words. What it received is left out, because our message shows the value. */
function expectationOf(issue: z.core.$ZodIssue): string {
  const message = messageOf(issue);
  if (message !== 'Invalid input') return inPlainWords(message);
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return 'expected a different value';
  const alternatives = issue.errors.flatMap(([first]) => (first === undefined ? [] : expectationOf(first)));
  return `expected ${[...new Set(alternatives)].map((text) => text.replace(/^expected /, '')).join(' or ')}`;
}

/** zod/mini has no messages until some are configured, so we take them from our own copy of zod. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.message !== 'Invalid input' || issue.code === 'custom') return issue.message;
  const own = z.config().localeError?.(issue as z.core.$ZodRawIssue);
  return (typeof own === 'string' ? own : own?.message) ?? issue.message;
}

function inPlainWords(message: string): string {
  return message
    .replace(/, received .*$/s, '')
    .replace(/^(Invalid \w+|Too small|Too big): /, '')
    .replace(/^Invalid discriminator value\. E/, 'e')
    .replace(/^Invalid /, 'expected a valid ')
    .replace(/^expected int\b/, 'expected integer')
    .replace(/^expected record\b/, 'expected object')
    .replace(/^expected tuple\b/, 'expected array');
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key],
    input,
  );
}
