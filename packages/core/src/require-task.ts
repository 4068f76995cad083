import { InvalidInputError } from './errors.js';
import { fieldPath } from './field-path.js';
import { showValue } from './show-value.js';
import type { TaskFamily } from './task-family.js';

/** Networks compute in float32, where the square of a larger number overflows. */
const LARGEST = 1e18;

/**
 * Throws InvalidInputError unless `task` can be one of the family's tasks. It must have their form (the same keys,
 * arrays of the same lengths, and numbers up to 1e18 in size where they have numbers), pass the family's `checkTask`,
 * if there is one, and have a finite descriptor. `field` says where it was given, such as `--task`.
 */
export function requireTask(family: TaskFamily, task: unknown, field: string): void {
  const { train } = family.split({ trainCount: 1, testCount: 1, seed: 1 });
  requireForm(train[0], task, field, []);
  family.checkTask?.(task as never, field);
  const descriptor = family.descriptor(task as never);
  const bad = descriptor.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new InvalidInputError(
      field,
      `its descriptor[${bad}] is ${descriptor[bad]}, which is not finite (overflow)`,
    );
  }
}

function requireForm(
  example: unknown,
  value: unknown,
  field: string,
  path: readonly (string | number)[],
): void {
  const fail = (expected: string): never => {
    const name = path.length === 0 ? field : `${field} ${fieldPath(path)}`;
    throw new InvalidInputError(
      name,
      value === undefined ? `is required: ${expected}` : `expected ${expected}, got ${showValue(value)}`,
    );
  };
  if (typeof example === 'number') {
    if (typeof value !== 'number' || !(Math.abs(value) <= LARGEST)) fail(`a number up to 1e18 in size`);
  } else if (Array.isArray(example)) {
    if (!Array.isArray(value) || value.length !== example.length) fail(`an array of ${example.length}`);
    for (const [i, part] of example.entries())
      requireForm(part, (value as unknown[])[i], field, [...path, i]);
  } else if (typeof example === 'object' && example !== null) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return void fail(`an object like ${showValue(example)}`);
    }
    const known = Object.keys(example);
    const unknown = Object.keys(value).find((key) => !known.includes(key));
    if (unknown !== undefined) {
      const name = fieldPath([...path, unknown]);
      throw new InvalidInputError(
        `${field} ${name}`,
        `unknown key; a task here is like ${showValue(example)}`,
      );
    }
    for (const key of known) {
      const part = (example as Record<string, unknown>)[key];
      requireForm(part, (value as Record<string, unknown>)[key], field, [...path, key]);
    }
  } else if (typeof value !== typeof example) fail(`a value like ${showValue(example)}`);
}
