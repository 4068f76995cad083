import { basename, dirname, join } from 'node:path';
import { type FileOperations, nodeFileOperations } from './file-operations.js';

/**
 * Writes a file to disk, with its directory, in place of an older one: whenever the process ends, one of the two is
 * there and complete.
 */
export async function replaceFile(
  path: string,
  content: Uint8Array | string,
  files: FileOperations = nodeFileOperations,
): Promise<void> {
  const directory = dirname(path);
  const temporary = join(directory, `.writing-${basename(path)}`);
  await files.makeDirectory(directory);
  await files.writeFile(temporary, content);
  await files.rename(temporary, path);
  await files.syncDirectory(directory);
}
