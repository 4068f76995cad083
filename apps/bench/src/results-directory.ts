import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidStateError } from '@maxent/core';
import { packageDirectory } from './machine.js';

/**
 * A place below the stored results, which are too large to be published. Benchmarks that need them ask for it first.
 *
 * @throws InvalidStateError outside a clone of the repository.
 */
export function resultsDirectory(...path: readonly string[]): string {
  return placeIn(join(packageDirectory, 'results'), path);
}

export function placeIn(results: string, path: readonly string[]): string {
  if (!existsSync(results)) {
    throw new InvalidStateError(
      `this benchmark reads or extends the stored results in ${results}, which are not part of the published package; run it in a clone of the repository: npx -y pnpm@12 build, then npx -y pnpm@12 maxent bench NAME`,
    );
  }
  return join(results, ...path);
}
