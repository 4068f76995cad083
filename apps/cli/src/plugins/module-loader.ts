import { type Stats, statSync } from 'node:fs';
import { basename, extname, isAbsolute, join, resolve } from 'node:path';
import { shownPath } from '../process/paths.js';
import { installedEntry } from './installed-package.js';
import { loadingProblem } from './loading-problem.js';
import { readPluginName, shownName } from './plugin-name.js';
import { PluginProblem } from './plugin-problem.js';

export interface LoadedModule {
  /** The package's name, or the file's absolute path. */
  readonly source: string;
  readonly exports: Readonly<Record<string, unknown>>;
  /** The URL or path from which worker threads can import it; absent for TypeScript, which not every Node can read. */
  readonly importable?: string | undefined;
}

/** Loads modules like a file in one directory would. Both methods throw PluginProblem with the given field. */
export interface ModuleLoader {
  /** Loads a package or a file that the user named. */
  named(name: string, field: string): Promise<LoadedModule>;
  /**
   * Loads a package, which must be installed for the directory under its bare name; `announce` is called before its
   * code runs.
   */
  installed(name: string, field: string, announce: () => void): Promise<LoadedModule>;
}

/**
 * Undefined if there is nothing. Throws PluginProblem if the system refuses to look, for example because the name is
 * too long.
 */
function statsOf(path: string, field: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new PluginProblem(field, `cannot read ${shownPath(path)} (${code})`, { cause });
  }
}

const moduleExtensions = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.tsx', '.jsx'];

/**
 * jiti loads TypeScript configurations on Node 20, whose own loader knows only JavaScript; it is not loaded until it is
 * needed.
 */
export function createModuleLoader(directory: string): ModuleLoader {
  const parent = join(directory, 'maxent.config.ts');
  const jiti = async () =>
    (await import('jiti')).createJiti(parent, { fsCache: false, interopDefault: false, tryNative: true });

  async function load(source: string, target: string, field: string): Promise<LoadedModule> {
    const loader = await jiti();
    try {
      const exports = await loader.import<Record<string, unknown>>(target);
      const found = isAbsolute(target) ? target : loader.esmResolve(target, { parentURL: parent, try: true });
      return { source, exports, importable: found && /\.[mc]?js$/.test(found) ? found : undefined };
    } catch (cause) {
      throw new PluginProblem(field, `cannot load ${source}: ${loadingProblem(cause, source)}`, { cause });
    }
  }

  return {
    async named(name, field) {
      const form = readPluginName(name);
      if (form.kind === 'refused') {
        throw new PluginProblem(
          field,
          `expected a package or a file, got ${shownName(name)}, ${form.reason}`,
        );
      }
      const path = resolve(directory, name);
      const stats = statsOf(path, field);
      if (stats?.isFile()) {
        requireModule(path, field);
        return load(path, path, field);
      }
      if (form.kind !== 'path') return load(name, name, field);
      if (stats === undefined) throw new PluginProblem(field, `there is no file ${shownPath(path)}`);
      throw new PluginProblem(field, `${path} is not a file; name the file in it that exports the plugin`);
    },

    async installed(name, field, announce) {
      const { esmResolve } = await jiti();
      let entry: string;
      try {
        entry = installedEntry(name, directory, (bare) => esmResolve(bare, parent));
      } catch (cause) {
        throw new PluginProblem(field, `cannot load ${name}: ${(cause as Error).message}`, { cause });
      }
      announce();
      return load(name, entry, field);
    },
  };
}

function requireModule(path: string, field: string): void {
  if (moduleExtensions.includes(extname(path))) return;
  throw new PluginProblem(
    field,
    `${basename(path)} is not a JavaScript or TypeScript module; its name must end in one of ${moduleExtensions.join(' ')}`,
  );
}
