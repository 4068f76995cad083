import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidInputError, type Plugin, PluginError, Registry } from '@maxent/core';
import { createModuleLoader, type LoadedModule } from './module-loader.js';

const configNames = ['maxent.config.ts', 'maxent.config.js', 'maxent.config.mjs'];

export interface PluginSet {
  readonly registry: Registry;
  /** Packages and absolute paths that the plugins beside the built-in ones came from. */
  readonly sources: readonly string[];
}

/**
 * The built-in plugins, then those of `maxent.config.ts|js|mjs` in `directory`, then those of `requested`: packages
 * or paths, each loaded once. Throws InvalidInputError for what cannot be loaded and PluginError for a plugin that
 * is malformed or uses a name that is taken.
 */
export async function loadPlugins(directory: string, requested: readonly string[]): Promise<PluginSet> {
  const registry = new Registry(await builtInPlugins());
  const load = createModuleLoader(directory);
  const sources: string[] = [];
  for (const [name, field] of [
    ...configFiles(directory).map((path) => [path, path] as const),
    ...requested.map((source) => [source, '--plugin'] as const),
  ]) {
    const module = await load(name, field);
    if (sources.includes(module.source)) continue;
    for (const plugin of pluginsOf(module)) registry.add(plugin);
    sources.push(module.source);
  }
  return { registry, sources };
}

async function builtInPlugins(): Promise<Plugin[]> {
  const [{ agentsPlugin }, { hierarchyPlugin }, { metaPlugin }, { envsPlugin }, { mujocoPlugin }] =
    await Promise.all([
      import('@maxent/agents'),
      import('@maxent/hierarchy'),
      import('@maxent/meta'),
      import('@maxent/envs'),
      import('@maxent/mujoco'),
    ]);
  return [agentsPlugin, hierarchyPlugin, metaPlugin, envsPlugin, mujocoPlugin];
}

function configFiles(directory: string): string[] {
  const found = configNames.filter((name) => existsSync(join(directory, name)));
  if (found.length > 1) {
    throw new InvalidInputError(found.join(', '), 'only one configuration file may exist; remove the others');
  }
  return found.map((name) => join(directory, name));
}

/** What a module brings: `defineConfig({ plugins })` or a plugin as its default, or a plugin named `plugin`. */
function pluginsOf({ source, exports }: LoadedModule): readonly Plugin[] {
  const exported = exports.default ?? exports.plugin;
  if (typeof exported === 'object' && exported !== null) {
    if (!('plugins' in exported)) return [exported as Plugin];
    if (Array.isArray(exported.plugins)) return exported.plugins;
  }
  throw new PluginError(
    `${source}: exports no plugin. Export one made by definePlugin as default or as \`plugin\`; a configuration file ` +
      'says `export default defineConfig({ plugins: [...] })`.',
  );
}
