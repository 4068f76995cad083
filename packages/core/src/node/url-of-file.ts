import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The URL of the file that holds some code, given its `import.meta.url`. It also works in a CommonJS bundle, where that is
 * empty. Code that comes from no file, but from memory or a server, counts as lying in the working directory.
 */
export function urlOfFile(importMetaUrl: string | undefined): string {
  if (importMetaUrl?.startsWith('file:')) return importMetaUrl;
  // In a bundle this code lies in the same file.
  return pathToFileURL(typeof __filename === 'string' ? __filename : join(process.cwd(), 'bundle.js')).href;
}

/** The file behind a specifier, as the file at `url` would find it; undefined if it is not installed. */
export function resolveFrom(url: string, specifier: string): string | undefined {
  try {
    return createRequire(url).resolve(specifier);
  } catch {
    return undefined;
  }
}
