import { resolve } from 'node:path';
import type { CommandIo } from './command-io.js';

/** A path given on the command line. */
export function resolvePath({ workingDirectory }: CommandIo, path: string): string {
  return resolve(workingDirectory, path);
}

/** Longest path that a message shows whole. */
const LONGEST_SHOWN = 500;

/** A path in a message: its beginning, where no system would take it for a path. */
export function shownPath(path: string): string {
  return path.length > LONGEST_SHOWN ? `${path.slice(0, LONGEST_SHOWN)}...` : path;
}
