import type { RunConfig } from '../run-config.js';

/** What the steps of a run are: a level that stands on others counts its own actions, each for one or more of theirs. */
export function stepsLabel({ level }: Pick<RunConfig, 'level'>): string {
  return level !== undefined && level.below > 0 ? 'steps of the level' : 'environment steps';
}
