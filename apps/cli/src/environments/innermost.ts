import type { Environment } from '@maxent/core';

/** An environment without its wrappers. */
export function innermost(environment: Environment): Environment {
  let current = environment;
  while ('inner' in current) current = current.inner as Environment;
  return current;
}
