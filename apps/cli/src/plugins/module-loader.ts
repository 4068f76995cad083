import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidInputError } from '@maxent/core';

export interface LoadedModule {
  /** The package's name, or the file's absolute path. */
  readonly source: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

/**
 * Loads packages and files, TypeScript included, as a file in `directory` would. jiti is what makes a TypeScript
 * configuration load on Node 20, whose own loader knows JavaScript only; it is not loaded until it is needed. The
 * loader throws InvalidInputError with the field it is given.
 */
export function createModuleLoader(directory: string) {
  return async (name: string, field: string): Promise<LoadedModule> => {
    const path = resolve(directory, name);
    const isPath = /^\.{0,2}[\\/]/.test(name) || existsSync(path);
    if (isPath && !existsSync(path)) throw new InvalidInputError(field, `there is no file ${path}`);
    const source = isPath ? path : name;
    const { createJiti } = await import('jiti');
    const jiti = createJiti(join(directory, 'maxent.config.ts'), {
      fsCache: false,
      interopDefault: false,
      tryNative: true,
    });
    try {
      return { source, exports: await jiti.import<Record<string, unknown>>(source) };
    } catch (error) {
      const problem = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
      throw new InvalidInputError(field, `cannot load ${source}: ${problem}`, { cause: error });
    }
  };
}
