import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidStateError } from '@maxent/core';
import { packageDirectory } from '../machine.js';

/** Path of the program behind `maxent`. Throws InvalidStateError when it is not built. */
export function requireCommandLine(): string {
  const path = join(packageDirectory, '../cli/dist/bin.js');
  if (existsSync(path)) return path;
  throw new InvalidStateError(`the command line is not built: ${path} is missing; run pnpm build`);
}
