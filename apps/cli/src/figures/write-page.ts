import { writeFile } from 'node:fs/promises';
import { InvalidInputError } from '@maxent/core';

/** Writes what `--html` asks for. Throws InvalidInputError where it cannot be written. */
export async function writePage(path: string, page: string): Promise<void> {
  try {
    await writeFile(path, page);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InvalidInputError('--html', `cannot write ${path} (${code})`, { cause: error });
  }
}
