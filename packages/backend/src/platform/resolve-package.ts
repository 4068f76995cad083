import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The URL of the file that holds this code. It also works in a CommonJS bundle, where `import.meta.url` is empty. Code
 * that runs from memory counts as lying in the working directory.
 */
export const thisFile: string =
  import.meta.url ||
  pathToFileURL(typeof __filename === 'string' ? __filename : join(process.cwd(), 'bundle.js')).href;

/** `require`, relative to that file. */
export const require: NodeJS.Require = createRequire(thisFile);

/** The file behind a specifier, or undefined if it is not installed. */
export function resolvePackage(specifier: string): string | undefined {
  try {
    return require.resolve(specifier);
  } catch {
    return undefined;
  }
}
