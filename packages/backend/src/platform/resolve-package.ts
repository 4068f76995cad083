import { createRequire } from 'node:module';
import { resolveFrom, urlOfFile } from '@maxent/core/node';

/** The URL of the file that holds this code. */
export const thisFile: string = urlOfFile(import.meta.url);

/** `require`, relative to that file. */
export const require: NodeJS.Require = createRequire(thisFile);

/** The file behind a specifier, or undefined if it is not installed. */
export function resolvePackage(specifier: string): string | undefined {
  return resolveFrom(thisFile, specifier);
}
