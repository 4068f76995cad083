import { readFile } from 'node:fs/promises';
import { InvalidInputError } from '@maxent/core';
import type { CommandIo } from '../process/command-io.js';
import { resolvePath, shownPath } from '../process/paths.js';

/** The content of the file given by the argument `field`, or of standard input for `-`. Throws InvalidInputError. */
export async function readText(io: CommandIo, name: string, field: string): Promise<string> {
  if (name === '-') return io.readInput();
  const path = resolvePath(io, name);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InvalidInputError(field, `cannot read ${shownPath(path)} (${code})`, { cause: error });
  }
}
