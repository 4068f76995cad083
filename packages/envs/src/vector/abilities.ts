import type { Environment, Info } from '@maxent/core';

/** Whether every environment has getState and setState. */
export function areStateful<O, A, I extends Info>(environments: readonly Environment<O, A, I>[]): boolean {
  return environments.every(({ getState, setState }) => getState !== undefined && setState !== undefined);
}

/** Whether any environment keeps running statistics of its own. */
export function keepStatistics<O, A, I extends Info>(environments: readonly Environment<O, A, I>[]): boolean {
  return environments.some(({ getStatistics }) => getStatistics !== undefined);
}
