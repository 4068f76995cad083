import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidInputError, type Plugin, PluginError, Registry } from '@maxent/core';
import type { MaxentConfig } from './config.js';
import { createModuleLoader, type ModuleLoader } from './module-loader.js';

const configNames = ['maxent.config.ts', 'maxent.config.js', 'maxent.config.mjs'];

/**
 * The built-in plugins, then those of `maxent.config.ts|js|mjs` in `directory`, then those that `requested` names: a
 * package, or a path. Throws InvalidInputError for what cannot be loaded and PluginError for a plugin that is
 * malformed or takes a name that is taken.
 */
export async function loadRegistry(directory: string, requested: readonly string[]): Promise<Registry> {
  const registry = new Registry(await builtInPlugins());
  const load = createModuleLoader(directory);
  for (const plugin of await configuredPlugins(directory, load)) registry.add(plugin);
  for (const name of requested) registry.add(pluginOf(await load(name, '--plugin'), name));
  return registry;
}

async function builtInPlugins(): Promise<Plugin[]> {
  const [{ agentsPlugin }, { envsPlugin }, { mujocoPlugin }] = await Promise.all([
    import('@maxent/agents'),
    import('@maxent/envs'),
    import('@maxent/mujoco'),
  ]);
  return [agentsPlugin, envsPlugin, mujocoPlugin];
}

async function configuredPlugins(directory: string, load: ModuleLoader): Promise<readonly Plugin[]> {
  const found = configNames.filter((name) => existsSync(join(directory, name)));
  if (found.length > 1) {
    throw new InvalidInputError(found.join(', '), 'only one configuration file may exist; remove the others');
  }
  const [name] = found;
  if (name === undefined) return [];
  const { default: config } = (await load(`./${name}`, name)) as { default?: MaxentConfig };
  const plugins = config?.plugins ?? [];
  if (config === undefined || config === null || typeof config !== 'object' || !Array.isArray(plugins)) {
    throw new InvalidInputError(name, 'expected `export default defineConfig({ plugins: [...] })`');
  }
  return plugins;
}

/** A plugin module exports its plugin as `default` or as `plugin`. */
function pluginOf(exported: Record<string, unknown>, name: string): Plugin {
  const plugin = exported.default ?? exported.plugin;
  if (plugin === null || typeof plugin !== 'object') {
    throw new PluginError(
      `--plugin ${name}: the module exports no plugin. Export one made by definePlugin as default or as \`plugin\`.`,
    );
  }
  return plugin as Plugin;
}
