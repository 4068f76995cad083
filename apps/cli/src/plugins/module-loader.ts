import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidInputError } from '@maxent/core';

/** Loads a package or a file, TypeScript included; `field` is named when that fails. */
export type ModuleLoader = (name: string, field: string) => Promise<Record<string, unknown>>;

/**
 * Looks modules up as a file in `directory` would. jiti is what makes a TypeScript configuration load on Node 20,
 * whose own loader knows JavaScript only; it is not loaded until a module is asked for.
 */
export function createModuleLoader(directory: string): ModuleLoader {
  return async (name, field) => {
    const path = resolve(directory, name);
    const isPath = /^\.{0,2}[\\/]/.test(name) || existsSync(path);
    if (isPath && !existsSync(path)) throw new InvalidInputError(field, `there is no file ${path}`);
    const { createJiti } = await import('jiti');
    const jiti = createJiti(join(directory, 'maxent.config.ts'), { fsCache: false, tryNative: true });
    try {
      return await jiti.import<Record<string, unknown>>(isPath ? path : name);
    } catch (error) {
      const problem = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
      throw new InvalidInputError(field, `cannot load ${name}: ${problem}`, { cause: error });
    }
  };
}
