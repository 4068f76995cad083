import { fieldPath, schemaProblem } from '@maxent/core';
import type * as z from 'zod';

/** The first problem of a stored value and where it is: `loop.step: is missing`. */
export function storedProblem({ issues }: z.ZodError, input: unknown, root = ''): string {
  const { path, problem } = schemaProblem(issues, input, 'is missing');
  const field = fieldPath(root === '' ? path : [root, ...path]);
  return field === '' ? problem : `${field}: ${problem}`;
}
