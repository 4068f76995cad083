import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { DamagedDataError, StorageError } from '@maxent/core';
import { systemErrorCode } from './file-operations.js';

/** A manifest's record of a file. */
export interface FileRecord {
  readonly bytes: number;
  readonly sha256: string;
}

/** Node cannot read a longer file at once. */
const MAXIMUM_BYTES = 2 ** 31 - 1;

/** Bounds the memory that a text and its parsed content take; texts of a run have a few MiB at most. */
export const MAXIMUM_TEXT_BYTES = 64 * 1024 * 1024;

/**
 * A run directory may come from somebody else, so only plain files in it are opened: a link could lead out of the run,
 * and a pipe or device would keep the reader waiting.
 */
export const READ_ONLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

export function recordOf(content: Uint8Array | string): FileRecord {
  return { bytes: Buffer.byteLength(content), sha256: createHash('sha256').update(content).digest('hex') };
}

/** A file's content. Throws DamagedDataError if it is missing or does not match its record; see also `readStored`. */
export async function readChecked(path: string, expected: FileRecord): Promise<Buffer> {
  const content = await readStored(path, expected.bytes);
  assertRecorded(path, content, expected);
  return content;
}

/** `readChecked` for a text of at most `MAXIMUM_TEXT_BYTES`. */
export async function readCheckedText(path: string, expected: FileRecord): Promise<string> {
  const content = await readStored(path, expected.bytes, MAXIMUM_TEXT_BYTES);
  assertRecorded(path, content, expected);
  return content.toString('utf8');
}

/** `readChecked` for callers that cannot wait. */
export function readCheckedSync(path: string, expected: FileRecord): Buffer {
  let content: Buffer;
  try {
    assertPlainFile(path, lstatSync(path));
    const descriptor = openSync(path, READ_ONLY);
    try {
      assertPlainFile(path, fstatSync(descriptor), expected.bytes);
      content = readFileSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw readFailure(path, cause);
  }
  assertRecorded(path, content, expected);
  return content;
}

/**
 * The content of a run's file, which must have the length `bytes` if that is given. Throws DamagedDataError if it is
 * missing, has another length or is not a plain file, and StorageError if the system cannot read it, which may be
 * temporary and says nothing about the file.
 */
export async function readStored(
  path: string,
  bytes?: number,
  maximum: number = MAXIMUM_BYTES,
): Promise<Buffer> {
  try {
    assertPlainFile(path, await lstat(path));
    const handle = await open(path, READ_ONLY);
    try {
      assertPlainFile(path, await handle.stat(), bytes, maximum);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw readFailure(path, cause);
  }
}

/** `readStored` for a text of at most `MAXIMUM_TEXT_BYTES`. */
export async function readStoredText(path: string): Promise<string> {
  return (await readStored(path, undefined, MAXIMUM_TEXT_BYTES)).toString('utf8');
}

/** `readStored`, or undefined if there is no such file. */
export function readStoredIfThere(path: string): Promise<Buffer | undefined> {
  return unlessAbsent(readStored(path));
}

/** `readStoredText`, or undefined if there is no such file. */
export function readStoredTextIfThere(path: string): Promise<string | undefined> {
  return unlessAbsent(readStoredText(path));
}

/** Does not check for the file first: another process may remove it in between. */
async function unlessAbsent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && isAbsence(error.cause)) return undefined;
    throw error;
  }
}

/** Whether the error says that nothing has that name, or that a parent is a file. */
function isAbsence(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '');
}

/**
 * Throws DamagedDataError if something other than a directory is there; a link to a directory counts as something else.
 */
export async function assertFolder(path: string): Promise<void> {
  let stats: Stats;
  try {
    stats = await lstat(path);
  } catch (error) {
    if (isAbsence(error)) return;
    throw readFailure(path, error);
  }
  if (!stats.isDirectory()) {
    throw new DamagedDataError(`"${path}" is ${kindOf(stats)}; a run keeps a plain folder there`);
  }
}

/** Throws DamagedDataError if something other than a plain file is there; a link to a file counts as something else. */
export async function assertPlainFileOrNone(path: string): Promise<void> {
  try {
    assertPlainFile(path, await lstat(path));
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
}

function assertPlainFile(path: string, stats: Stats, bytes?: number, maximum = MAXIMUM_BYTES): void {
  const name = basename(path);
  if (!stats.isFile()) {
    throw new DamagedDataError(
      `${name} is ${kindOf(stats)}; a run keeps plain files only, so it was not read`,
    );
  }
  if (bytes !== undefined && stats.size !== bytes) {
    throw new DamagedDataError(`${name} has ${stats.size} bytes instead of ${bytes}`);
  }
  if (stats.size > maximum) {
    throw new DamagedDataError(
      `${name} has ${stats.size} bytes; such files of a run have at most ${maximum}`,
    );
  }
}

/** The kind of a file in words, for messages. */
export function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isSocket()) return 'a socket';
  return stats.isFile() ? 'a file' : 'a device';
}

function assertRecorded(path: string, content: Buffer, expected: FileRecord): void {
  if (recordOf(content).sha256 !== expected.sha256) {
    throw new DamagedDataError(`${basename(path)} was altered: its SHA-256 checksum does not match`);
  }
}

function readFailure(path: string, cause: unknown): unknown {
  const code = systemErrorCode(cause);
  if (code === undefined) return cause;
  if (isAbsence(cause)) {
    return new DamagedDataError(`${basename(path)} is missing`, { cause });
  }
  return new StorageError(
    `cannot read "${path}": ${(cause as Error).message}. Nothing was changed: make the file readable again, or remove ` +
      'its checkpoint to go on from the one before.',
    { cause },
  );
}
