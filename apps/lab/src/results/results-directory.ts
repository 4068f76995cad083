import { join } from 'node:path';
import { packageDirectory } from '../machine.js';

/** A place below the stored results. */
export function resultsDirectory(...path: readonly string[]): string {
  return join(packageDirectory, 'results', ...path);
}
