import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The URL of the file that holds this code: also of a CommonJS bundle, where `import.meta.url` is empty, and of code
 * that is run from memory, which counts as lying in the working directory.
 */
export const thisFile: string =
  import.meta.url ||
  pathToFileURL(typeof __filename === 'string' ? __filename : join(process.cwd(), 'bundle.js')).href;

/** `require` as that file's. */
export const require: NodeJS.Require = createRequire(thisFile);

/** The file behind a specifier, or undefined if that is not installed. */
export function resolvePackage(specifier: string): string | undefined {
  try {
    return require.resolve(specifier);
  } catch {
    return undefined;
  }
}
