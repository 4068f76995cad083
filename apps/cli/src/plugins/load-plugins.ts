import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidInputError, isRecord, type Plugin, Registry, showValue } from '@maxent/core';
import { builtInPlugins } from '@maxent/library/runs';
import { enclosingRun } from './enclosing-run.js';
import { createModuleLoader, type LoadedModule, type ModuleLoader } from './module-loader.js';
import { PluginProblem } from './plugin-problem.js';

const configNames = ['maxent.config.ts', 'maxent.config.js', 'maxent.config.mjs'];

/** Whether a path names a configuration file. */
export function isConfigFile(path: string): boolean {
  return configNames.some((name) => path.split(/[\\/]/).at(-1) === name);
}

/** The plugins of a command, and where they came from. */
export class PluginSet {
  private readonly origins = new Map<string, string>();

  constructor(
    readonly registry: Registry,
    readonly loader: ModuleLoader,
  ) {
    for (const { name } of registry.plugins) this.origins.set(name, 'maxent itself');
  }

  /** Packages and absolute paths that the plugins came from, except built-in ones. */
  get sources(): readonly string[] {
    return [...this.modules];
  }

  private readonly modules = new Set<string>();
  /** What worker threads can import each plugin from, by its name. */
  private readonly importable = new Map<string, string>();

  /**
   * The URL or path from which worker threads can import the plugin of an environment; undefined for a built-in one and
   * for a plugin that they cannot import.
   */
  moduleOf(environment: string): string | undefined {
    const has = ({ environments = [] }: Plugin) => environments.some(({ id }) => id === environment);
    const plugin = this.registry.plugins.find(has);
    return plugin && this.importable.get(plugin.name);
  }

  /**
   * Adds the plugins of a module, once. Throws PluginProblem if the module exports none, or if a plugin is malformed or
   * uses a name that is taken.
   */
  add({ source, exports, importable }: LoadedModule, field: string): void {
    if (this.modules.has(source)) return;
    for (const plugin of pluginsOf(source, exports, field)) {
      if (this.registry.plugins.includes(plugin)) continue;
      const other = this.origins.get(plugin?.name);
      if (other !== undefined) {
        throw problemIn(
          source,
          field,
          `there is already a plugin "${plugin.name}", from ${other}; leave one of them out, or rename it`,
        );
      }
      try {
        this.registry.add(plugin);
      } catch (cause) {
        throw problemIn(source, field, (cause as Error).message, { cause });
      }
      this.origins.set(plugin.name, source);
      if (importable !== undefined) this.importable.set(plugin.name, importable);
    }
    this.modules.add(source);
  }
}

/**
 * The built-in plugins, then those of `maxent.config.ts|js|mjs` in `directory`, then those of `requested`: packages or
 * paths that the user named. Throws PluginProblem for plugins that cannot be loaded or conflict, and for a
 * configuration file inside a run, which is not the user's.
 */
export async function loadPlugins(directory: string, requested: readonly string[]): Promise<PluginSet> {
  const set = new PluginSet(new Registry(await builtInPlugins()), createModuleLoader(directory));
  for (const path of configFiles(directory)) set.add(await set.loader.named(path, path), path);
  for (const name of requested) set.add(await set.loader.named(name, '--plugin'), '--plugin');
  return set;
}

function configFiles(directory: string): string[] {
  const found = configNames.filter((name) => existsSync(join(directory, name)));
  if (found.length > 1) {
    throw new InvalidInputError(found.join(', '), 'only one configuration file may exist; remove the others');
  }
  const run = found.length > 0 ? enclosingRun(directory) : undefined;
  if (run !== undefined) {
    throw new PluginProblem(
      join(directory, found[0]!),
      `is inside a run (${run}) and is not loaded, because it is code; work in a directory of your own, and if you trust this file ` +
        'name it there with --plugin',
    );
  }
  return found.map((name) => join(directory, name));
}

/**
 * The plugins of a module: `defineConfig({ plugins })` or a plugin as its default export, or an export named `plugin`.
 */
function pluginsOf(source: string, exports: LoadedModule['exports'], field: string): readonly Plugin[] {
  const exported = exports.default ?? exports.plugin;
  if (isRecord(exported) && !('then' in exported)) {
    if (!('plugins' in exported)) return [exported as unknown as Plugin];
    if (Array.isArray(exported.plugins)) return exported.plugins;
  }
  throw problemIn(
    source,
    field,
    `${exportedInstead(exported)}. Export a plugin made by definePlugin as the default or as \`plugin\`; a ` +
      'configuration file says `export default defineConfig({ plugins: [...] })`',
  );
}

/** For a configuration file, the field is the file itself. */
function problemIn(source: string, field: string, problem: string, options?: ErrorOptions): PluginProblem {
  return new PluginProblem(field, source === field ? problem : `${source}: ${problem}`, options);
}

function exportedInstead(exported: unknown): string {
  if (exported === undefined) return 'exports no plugin';
  if (typeof exported === 'function') return 'exports a function instead of a plugin: export what it returns';
  if (!isRecord(exported)) return `exports ${showValue(exported)} instead of a plugin`;
  if ('then' in exported) return 'exports a promise instead of a plugin: await it in the module';
  return 'exports no plugin: its `plugins` is not an array';
}
