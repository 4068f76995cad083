import { InvalidInputError, isMaxentError, type Registry } from '@maxent/core';
import { type RunPlan, replanRun } from '@maxent/library/runs';
import type { RunConfig } from '@maxent/training';
import { readSettings } from '../../arguments/settings.js';
import { restated } from '../../errors/restated.js';

/** A run's plan with settings of its agent replaced. Throws InvalidInputError for a setting that does not exist or fit. */
export function withSettings(config: RunConfig, set: readonly string[], registry: Registry): RunPlan {
  if (set.length === 0) return config;
  const settings = readSettings(set, registry.agent(config.agent.name).config, 'agent', '--set');
  return restated(
    () => replanRun(config, { config: settings }, registry),
    (field, problem) => [field.replace(/^config\./, 'agent.'), problem],
  );
}

/** Loads a checkpoint. If it does not fit an agent with changed settings, the InvalidInputError says so. */
export function namingSettings(set: readonly string[], load: () => void): void {
  try {
    load();
  } catch (error) {
    if (set.length === 0 || !isMaxentError(error, 'SNAPSHOT_MISMATCH')) throw error;
    throw new InvalidInputError(
      '--set',
      `the run's checkpoint does not fit the agent with these settings; change only settings that nothing learned depends on (${error.message})`,
      { cause: error },
    );
  }
}
