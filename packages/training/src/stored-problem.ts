import { fieldPath, schemaProblem } from '@maxent/core';
import type { z } from 'zod';

/** The first thing that is wrong with a stored value, and where: `loop.step: is missing`. */
export function storedProblem({ issues }: z.ZodError, input: unknown, root = ''): string {
  const issue = issues[0]!;
  const field = fieldPath(root === '' ? issue.path : [root, ...issue.path]);
  return `${field === '' ? '' : `${field}: `}${schemaProblem(issue, input)}`;
}
