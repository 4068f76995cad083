import type { StoredRun } from '@maxent/training/node';
import type { PluginRun } from '../plugins/run-plugins.js';

/** What a stored run asks of plugins. */
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
