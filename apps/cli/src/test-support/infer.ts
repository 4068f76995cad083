import { expect } from 'vitest';
import { inferAnswer } from '../models/index.js';
import { type Finished, runInProcess } from './run-in-process.js';

/** `maxent infer -` with a model, or a text, on standard input. */
export function inferCommand(model: unknown, ...more: string[]): Promise<Finished> {
  return runInProcess(['infer', '-', ...more], {
    directory: process.cwd(),
    input: typeof model === 'string' ? model : JSON.stringify(model),
  });
}

/** The answer with `--json`, which fits its published schema. */
export async function infer(model: unknown) {
  const { exitCode, out, err, json } = await inferCommand(model, '--json');
  expect([exitCode, err]).toEqual([0, '']);
  expect(out.trimEnd().split('\n')).toHaveLength(1);
  inferAnswer.parse(json);
  return json;
}

/** Compares numbers of any nesting to half a unit of the tables' last digit. */
export function expectClose(actual: unknown, expected: unknown, tolerance = 5e-9): void {
  if (typeof expected === 'number') {
    expect(Math.abs((actual as number) - expected)).toBeLessThanOrEqual(tolerance);
    return;
  }
  const parts = expected as readonly unknown[];
  expect(actual).toHaveLength(parts.length);
  parts.forEach((part, i) => {
    expectClose((actual as readonly unknown[])[i], part, tolerance);
  });
}
