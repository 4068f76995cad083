import { InvalidInputError, isMaxentError } from '@maxent/core';
import { writeOutputFile } from '@maxent/training/node';

/**
 * Writes the file that an option asks for. Throws InvalidInputError that names the option where it cannot be written.
 */
export async function writeAskedFile(option: string, path: string, content: string): Promise<void> {
  await namingOption(option, () => writeOutputFile(path, content));
}

/** Says which option asked for the file that `write` cannot write. */
export async function namingOption(option: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isMaxentError(error, 'STORAGE')) throw error;
    throw new InvalidInputError(option, error.message, { cause: error });
  }
}

/** Writes what `--html` asks for. */
export function writePage(path: string, page: string): Promise<void> {
  return writeAskedFile('--html', path, page);
}
