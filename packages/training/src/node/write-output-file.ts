import { randomUUID } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StorageError } from '@maxent/core';
import { nodeFileOperations as files, systemErrorCode } from './file-operations.js';
import { kindOf } from './stored-file.js';

/**
 * Writes an output file of a command, in place of an older one; it is complete even if the process ends at any moment.
 * Throws StorageError if it cannot be written or if something other than a file is there: a link is not followed,
 * because its target may be anything, and neither a pipe nor a device is replaced.
 */
export async function writeOutputFile(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = join(dirname(path), `.writing-${randomUUID()}`);
  try {
    await assertReplaceable(path);
    await files.writeFile(temporary, content);
    await files.rename(temporary, path);
  } catch (error) {
    await files.remove(temporary).catch(() => undefined);
    if (systemErrorCode(error) === undefined) throw error;
    throw new StorageError(`cannot write "${path}": ${(error as Error).message}`, { cause: error });
  }
}

async function assertReplaceable(path: string): Promise<void> {
  try {
    const stats = await lstat(path);
    if (stats.isFile()) return;
    throw new StorageError(
      `cannot write "${path}": it is ${kindOf(stats)}, which is left as it is; name a file, or remove it`,
    );
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
}
