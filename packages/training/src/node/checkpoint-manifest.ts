import { DamagedDataError, SnapshotMismatchError } from '@maxent/core';
import * as z from 'zod';
import { storedProblem } from '../stored-problem.js';
import { recordOf } from './stored-file.js';

const FORMAT_VERSION = 1;

const count = z.number().int().min(0);
const fileRecord = { bytes: count, sha256: z.string() };

/** A plain name: a manifest must not lead out of its folder. */
const fileName = z
  .string()
  .max(255)
  .regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/, 'expected the plain name of a file');

/** The file holds rows `from` to `to - 1`, counted from the first row ever appended to the log. */
const segment = z.object({ file: fileName, from: count, to: count, ...fileRecord });

const rowLog = z.object({
  capacity: count,
  appended: count,
  columns: z.record(
    z.string(),
    z.object({ dataType: z.enum(['float32', 'float64', 'int32', 'uint32', 'uint8']), width: count }),
  ),
  segments: z.array(segment),
});

/** `manifest.json` of a checkpoint. `checksum` is the SHA-256 of the JSON of everything before it. */
const manifest = z.object({
  format: z.literal('maxent-checkpoint'),
  formatVersion: z.literal(FORMAT_VERSION),
  step: count,
  files: z.record(fileName, z.object(fileRecord)),
  /** Row logs by name; their segment files are in the run's `replay` folder, and checkpoints share them. */
  rows: z.record(z.string(), rowLog),
  checksum: z.string(),
});

export type CheckpointManifest = Omit<z.output<typeof manifest>, 'checksum'>;
export type RowLogManifest = z.output<typeof rowLog>;
export type SegmentRecord = z.output<typeof segment>;

export function encodeManifest(content: CheckpointManifest): string {
  return JSON.stringify({ ...content, checksum: checksumOf(content) }, null, 1);
}

/**
 * Throws DamagedDataError if the text is not an intact manifest, and SnapshotMismatchError if it has another format
 * version.
 */
export function decodeManifest(text: string): CheckpointManifest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new DamagedDataError('manifest.json is not JSON', { cause });
  }
  const { checksum, ...content } = (parsed ?? {}) as Partial<z.output<typeof manifest>>;
  if (checksum !== checksumOf(content)) {
    throw new DamagedDataError('manifest.json was altered: its checksum does not match');
  }
  if (content.formatVersion !== FORMAT_VERSION && Number.isSafeInteger(content.formatVersion)) {
    throw new SnapshotMismatchError(
      `manifest.json has format version ${content.formatVersion}, but this version of maxent reads ` +
        `${FORMAT_VERSION}; use the one that wrote it (see config.json)`,
    );
  }
  const result = manifest.safeParse(parsed);
  if (result.success) return result.data;
  throw new DamagedDataError(`manifest.json: ${storedProblem(result.error, parsed)}`);
}

/** Throws DamagedDataError if the content is nested too deeply to be written again. */
function checksumOf(content: object): string {
  try {
    return recordOf(JSON.stringify(content)).sha256;
  } catch (cause) {
    throw new DamagedDataError('manifest.json is nested too deeply', { cause });
  }
}
