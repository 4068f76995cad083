import { join } from 'node:path';
import {
  DamagedDataError,
  decodeSafetensors,
  encodeSafetensors,
  InvalidInputError,
  type JsonObject,
  type Snapshot,
} from '@maxent/core';
import {
  type CheckpointManifest,
  decodeManifest,
  encodeManifest,
  type RowLogManifest,
} from './checkpoint-manifest.js';
import type { FileOperations } from './file-operations.js';
import {
  assertFolder,
  type FileRecord,
  MAXIMUM_TEXT_BYTES,
  readChecked,
  readCheckedText,
  readStoredText,
  recordOf,
} from './stored-file.js';

const ARRAYS = 'arrays.safetensors';
const METADATA = 'metadata.json';
const MANIFEST = 'manifest.json';
/** The run's configuration when the checkpoint was made; absent in runs written by older versions. */
const CONFIG = 'config.json';

/** Snapshots nest only a few levels; beyond this, copying and comparing them would overflow the stack. */
const MAXIMUM_DEPTH = 100;

export interface CheckpointContent {
  readonly step: number;
  readonly snapshot: Snapshot;
  /** Manifest of the snapshot's rows. */
  readonly rows: Readonly<Record<string, RowLogManifest>>;
  /** Text of the run's `config.json`. */
  readonly config: string | undefined;
}

/** Writes the files of one checkpoint into a folder that exists. */
export async function writeCheckpoint(
  folder: string,
  { step, snapshot, rows, config }: CheckpointContent,
  files: FileOperations,
): Promise<void> {
  const contents = {
    [ARRAYS]: encodeSafetensors({ tensors: snapshot.arrays, metadata: {} }),
    [METADATA]: encodeMetadata(snapshot.metadata),
    ...(config !== undefined && { [CONFIG]: config }),
  };
  const records: CheckpointManifest['files'] = {};
  for (const [name, content] of Object.entries(contents)) {
    await files.writeFile(join(folder, name), content);
    records[name] = recordOf(content);
  }
  const manifest: CheckpointManifest = {
    format: 'maxent-checkpoint',
    formatVersion: 1,
    step,
    files: records,
    rows: { ...rows },
  };
  await files.writeFile(join(folder, MANIFEST), encodeManifest(manifest));
  await files.syncDirectory(folder);
}

/** Throws DamagedDataError if the folder has no intact manifest, or one that belongs to another step. */
export async function readManifest(folder: string, step?: number): Promise<CheckpointManifest> {
  await assertFolder(folder);
  const manifest = decodeManifest(await readStoredText(join(folder, MANIFEST)));
  if (step !== undefined && manifest.step !== step) {
    throw new DamagedDataError(`${MANIFEST} belongs to step ${manifest.step}`);
  }
  return manifest;
}

/** Arrays and metadata. Throws DamagedDataError, which names the file that does not match the manifest. */
export async function readContent(
  folder: string,
  manifest: CheckpointManifest,
): Promise<Pick<Snapshot, 'arrays' | 'metadata'>> {
  const { tensors: arrays } = decodeSafetensors(
    await readChecked(join(folder, ARRAYS), listed(manifest, ARRAYS)),
  );
  return {
    arrays,
    metadata: decodeMetadata(await readCheckedText(join(folder, METADATA), listed(manifest, METADATA))),
  };
}

/** The copy of the run's `config.json`, or undefined if the checkpoint has none. */
export async function readConfigCopy(
  folder: string,
  manifest: CheckpointManifest,
): Promise<{ readonly path: string; readonly text: string } | undefined> {
  if (!Object.hasOwn(manifest.files, CONFIG)) return undefined;
  const path = join(folder, CONFIG);
  return { path, text: await readCheckedText(path, listed(manifest, CONFIG)) };
}

function listed({ files }: CheckpointManifest, name: string): FileRecord {
  const record = Object.hasOwn(files, name) ? files[name] : undefined;
  if (record === undefined) throw new DamagedDataError(`${MANIFEST} does not list ${name}`);
  return record;
}

function encodeMetadata(metadata: JsonObject): string {
  const text = JSON.stringify(metadata, (key, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new InvalidInputError(
        `checkpoint metadata "${key}"`,
        `JSON cannot hold ${value}; store it in an array of the snapshot or as a string`,
      );
    }
    return value;
  });
  const bytes = Buffer.byteLength(text);
  if (bytes > MAXIMUM_TEXT_BYTES) {
    throw new InvalidInputError(
      'checkpoint metadata',
      `has ${bytes} bytes as JSON, but at most ${MAXIMUM_TEXT_BYTES} can be read back; store numbers in arrays of the snapshot`,
    );
  }
  return text;
}

function decodeMetadata(text: string): JsonObject {
  let metadata: unknown;
  try {
    metadata = JSON.parse(text);
  } catch (cause) {
    throw new DamagedDataError(`${METADATA} is not JSON`, { cause });
  }
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    throw new DamagedDataError(`${METADATA} is not an object`);
  }
  if (isDeeperThan(metadata, MAXIMUM_DEPTH)) {
    throw new DamagedDataError(`${METADATA} is nested more than ${MAXIMUM_DEPTH} levels deep`);
  }
  return metadata as JsonObject;
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((part) => isDeeperThan(part, depth - 1));
}
