import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { DamagedDataError } from '@maxent/core';
import { systemErrorCode } from './file-operations.js';

/** What a manifest records about a file. */
export interface FileRecord {
  readonly bytes: number;
  readonly sha256: string;
}

export function recordOf(content: Uint8Array | string): FileRecord {
  return { bytes: Buffer.byteLength(content), sha256: createHash('sha256').update(content).digest('hex') };
}

/** A file's content. Throws DamagedDataError when it is missing or is not what was recorded. */
export async function readChecked(path: string, expected: FileRecord): Promise<Buffer> {
  const content = await readStored(path);
  const name = basename(path);
  if (content.byteLength !== expected.bytes) {
    throw new DamagedDataError(`${name} has ${content.byteLength} bytes instead of ${expected.bytes}`);
  }
  if (recordOf(content).sha256 !== expected.sha256) {
    throw new DamagedDataError(`${name} was altered: its SHA-256 checksum does not match`);
  }
  return content;
}

/** A file's content. Throws DamagedDataError when it is missing or cannot be read from the disk. */
export async function readStored(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const code = systemErrorCode(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') {
      throw new DamagedDataError(`${basename(path)} is missing`, { cause });
    }
    if (code === 'EIO')
      throw new DamagedDataError(`${basename(path)} cannot be read from the disk`, { cause });
    throw cause;
  }
}
