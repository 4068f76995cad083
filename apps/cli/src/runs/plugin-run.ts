import type { StoredRun } from '@maxent/training/node';
import type { PluginRun } from '../plugins/run-plugins.js';

/** The plugins and names that a stored run needs. */
export function pluginRun({ directory, config }: Pick<StoredRun, 'directory' | 'config'>): PluginRun {
  const { agent, environment, family, plugins } = config;
  return {
    directory,
    plugins,
    agent: agent.name,
    environment: family ? undefined : environment.id,
    family: family ? environment.id : undefined,
  };
}
