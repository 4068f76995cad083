import { resolve } from 'node:path';
import type { CommandIo } from './command-io.js';

/** A path given on the command line. */
export function resolvePath({ workingDirectory }: CommandIo, path: string): string {
  return resolve(workingDirectory, path);
}

/** Longest path that a message shows in full. */
const LONGEST_SHOWN = 500;

/** A path in a message; only its beginning if it is too long to be a real path. */
export function shownPath(path: string): string {
  return path.length > LONGEST_SHOWN ? `${path.slice(0, LONGEST_SHOWN)}...` : path;
}
