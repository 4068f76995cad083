import { InvalidInputError, isMaxentError } from '@maxent/core';
import { writeOutputFile } from '@maxent/training/node';

/**
 * Writes the file that an option asks for. Throws InvalidInputError, which names the option, if it cannot be written.
 */
export async function writeAskedFile(option: string, path: string, content: string): Promise<void> {
  await namingOption(option, () => writeOutputFile(path, content));
}

/** Adds the option that asked for the file to an error from `write`. */
export async function namingOption<T>(option: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isMaxentError(error, 'STORAGE')) throw error;
    throw new InvalidInputError(option, error.message, { cause: error });
  }
}

/** Writes the page for `--html`. */
export function writePage(path: string, page: string): Promise<void> {
  return writeAskedFile('--html', path, page);
}
