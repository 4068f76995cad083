import { resolve } from 'node:path';
import type { CommandIo } from './command-io.js';

/** A path given on the command line. */
export function resolvePath({ workingDirectory }: CommandIo, path: string): string {
  return resolve(workingDirectory, path);
}
