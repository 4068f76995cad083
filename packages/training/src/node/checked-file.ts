import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { DamagedDataError, StorageError } from '@maxent/core';
import { systemErrorCode } from './file-operations.js';

/** What a manifest records about a file. */
export interface FileRecord {
  readonly bytes: number;
  readonly sha256: string;
}

export function recordOf(content: Uint8Array | string): FileRecord {
  return { bytes: Buffer.byteLength(content), sha256: createHash('sha256').update(content).digest('hex') };
}

/** A file's content. Throws DamagedDataError when it is missing or is not what was recorded; see also `readStored`. */
export async function readChecked(path: string, expected: FileRecord): Promise<Buffer> {
  const content = await readStored(path);
  assertRecorded(path, content, expected);
  return content;
}

/** `readChecked` for callers that cannot wait. */
export function readCheckedSync(path: string, expected: FileRecord): Buffer {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (cause) {
    throw readFailure(path, cause);
  }
  assertRecorded(path, content, expected);
  return content;
}

/**
 * A file's content. Throws DamagedDataError when it is missing, and StorageError when the system cannot read it,
 * which may pass and says nothing about the file.
 */
export async function readStored(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw readFailure(path, cause);
  }
}

function assertRecorded(path: string, content: Buffer, expected: FileRecord): void {
  const name = basename(path);
  if (content.byteLength !== expected.bytes) {
    throw new DamagedDataError(`${name} has ${content.byteLength} bytes instead of ${expected.bytes}`);
  }
  if (recordOf(content).sha256 !== expected.sha256) {
    throw new DamagedDataError(`${name} was altered: its SHA-256 checksum does not match`);
  }
}

function readFailure(path: string, cause: unknown): unknown {
  const code = systemErrorCode(cause);
  if (code === undefined) return cause;
  if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(code)) {
    return new DamagedDataError(`${basename(path)} is missing`, { cause });
  }
  return new StorageError(
    `cannot read "${path}": ${(cause as Error).message}. Nothing was changed: make the file readable again, or remove ` +
      'its checkpoint to go on from the one before.',
    { cause },
  );
}
