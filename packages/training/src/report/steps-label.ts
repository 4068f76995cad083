import type { RunConfig } from '../run-config.js';

/** What the steps of several runs on one axis count. */
export function commonStepsLabel(configs: readonly Pick<RunConfig, 'level'>[]): string {
  const labels = new Set(configs.map(stepsLabel));
  return labels.size === 1 ? [...labels][0]! : 'steps of each run';
}

/**
 * What the steps of a run count: a level above others counts its own actions, each of which takes one or more of
 * theirs.
 */
export function stepsLabel({ level }: Pick<RunConfig, 'level'>): string {
  return level !== undefined && level.below > (level.continued ?? 0)
    ? 'steps of the level'
    : 'environment steps';
}
