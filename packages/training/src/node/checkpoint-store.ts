import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DamagedDataError,
  decodeSafetensors,
  encodeSafetensors,
  InvalidInputError,
  type JsonObject,
  type RowLog,
  type Snapshot,
} from '@maxent/core';
import type { StoredCheckpoint } from '../run-storage.js';
import { readChecked, readStored, recordOf } from './checked-file.js';
import {
  type CheckpointManifest,
  decodeManifest,
  encodeManifest,
  type RowLogManifest,
} from './checkpoint-manifest.js';
import { type FileOperations, systemErrorCode } from './file-operations.js';
import { readRows, writeNewRows } from './row-segments.js';

const ARRAYS = 'arrays.safetensors';
const METADATA = 'metadata.json';
const MANIFEST = 'manifest.json';

/**
 * The checkpoints of a run: `checkpoints/step-N/` and the row segments in `replay/` that they share. A checkpoint is
 * written under a temporary name, synced and renamed, and older ones are removed only after that, so the directory
 * can be loaded whenever the process ends.
 */
export class CheckpointStore {
  private readonly checkpoints: string;
  private readonly segments: string;
  /** Row logs as of the last checkpoint saved or loaded, from which the next one goes on. */
  private written: Readonly<Record<string, RowLogManifest>> = {};

  constructor(
    runDirectory: string,
    private readonly keep: number,
    private readonly files: FileOperations,
  ) {
    this.checkpoints = join(runDirectory, 'checkpoints');
    this.segments = join(runDirectory, 'replay');
  }

  async save(step: number, snapshot: Snapshot): Promise<void> {
    const { files } = this;
    await files.makeDirectory(this.checkpoints);
    const rows = await this.writeRows(snapshot.rows ?? {});
    const contents = {
      [ARRAYS]: encodeSafetensors({ tensors: snapshot.arrays, metadata: {} }),
      [METADATA]: encodeMetadata(snapshot.metadata),
    };
    const temporary = join(this.checkpoints, `.writing-step-${step}`);
    await files.remove(temporary);
    await files.makeDirectory(temporary);
    const records: CheckpointManifest['files'] = {};
    for (const [name, content] of Object.entries(contents)) {
      await files.writeFile(join(temporary, name), content);
      records[name] = recordOf(content);
    }
    const manifest: CheckpointManifest = {
      format: 'maxent-checkpoint',
      formatVersion: 1,
      step,
      files: records,
      rows,
    };
    await files.writeFile(join(temporary, MANIFEST), encodeManifest(manifest));
    await files.syncDirectory(temporary);
    if ((await this.steps()).includes(step)) await this.discard(step);
    await files.rename(temporary, this.pathOf(step));
    await files.syncDirectory(this.checkpoints);
    this.written = rows;
    await this.prune();
  }

  /** The newest checkpoint that is intact; see `RunStorage.latestCheckpoint`. */
  async latest(): Promise<StoredCheckpoint | undefined> {
    const problems: string[] = [];
    const steps = await this.steps();
    for (const step of steps) {
      try {
        const snapshot = await this.load(step);
        return {
          step,
          snapshot,
          warnings: problems.map((problem) => `${problem}; using step ${step} instead`),
        };
      } catch (error) {
        if (!(error instanceof DamagedDataError)) throw error;
        problems.push(`checkpoint step-${step} is damaged (${error.message})`);
      }
    }
    // A run that goes on meanwhile may have replaced the checkpoints while they were read.
    if ((await this.steps()).join() !== steps.join()) return this.latest();
    if (steps.length === 0) return undefined;
    throw new DamagedDataError(
      `no checkpoint in "${this.checkpoints}" can be used: ${problems.join('; ')}. Restore one from a copy, or start ` +
        'the run again in another directory.',
    );
  }

  /** Removes the checkpoints of later steps. */
  async discardAfter(step: number): Promise<void> {
    const later = (await this.steps()).filter((other) => other > step);
    for (const other of later) await this.discard(other);
  }

  /** Steps of the checkpoints, newest first. */
  private async steps(): Promise<number[]> {
    return (await list(this.checkpoints))
      .flatMap((name) => /^step-(\d+)$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => b - a);
  }

  private async load(step: number): Promise<Snapshot> {
    const manifest = await this.readManifest(step);
    const read = async (name: string) => {
      const record = manifest.files[name];
      if (record === undefined) throw new DamagedDataError(`${MANIFEST} does not list ${name}`);
      return readChecked(join(this.pathOf(step), name), record);
    };
    const { tensors: arrays } = decodeSafetensors(await read(ARRAYS));
    const metadata = JSON.parse((await read(METADATA)).toString('utf8')) as JsonObject;
    const rows: Record<string, RowLog> = {};
    for (const [name, log] of Object.entries(manifest.rows)) {
      rows[name] = await readRows(this.segments, name, log);
    }
    this.written = manifest.rows;
    return { arrays, rows, metadata };
  }

  private async readManifest(step: number): Promise<CheckpointManifest> {
    const manifest = decodeManifest((await readStored(join(this.pathOf(step), MANIFEST))).toString('utf8'));
    if (manifest.step !== step) throw new DamagedDataError(`${MANIFEST} is that of step ${manifest.step}`);
    return manifest;
  }

  private async writeRows(logs: Readonly<Record<string, RowLog>>): Promise<Record<string, RowLogManifest>> {
    const rows: Record<string, RowLogManifest> = {};
    if (Object.keys(logs).length === 0) return rows;
    await this.files.makeDirectory(this.segments);
    for (const [name, log] of Object.entries(logs)) {
      rows[name] = await writeNewRows(this.segments, name, log, this.written[name], this.files);
    }
    await this.files.syncDirectory(this.segments);
    return rows;
  }

  /** Removes all but the newest checkpoints, what interrupted saves left, and segments that nothing refers to. */
  private async prune(): Promise<void> {
    const steps = await this.steps();
    for (const step of steps.slice(this.keep)) await this.discard(step);
    const needed = new Set<string>();
    for (const step of steps.slice(0, this.keep)) {
      for (const name of await this.segmentsOf(step)) needed.add(name);
    }
    for (const name of await list(this.segments)) {
      if (!needed.has(name)) await this.files.remove(join(this.segments, name));
    }
    for (const name of await list(this.checkpoints)) {
      if (name.startsWith('.')) await this.files.remove(join(this.checkpoints, name));
    }
  }

  private async segmentsOf(step: number): Promise<string[]> {
    try {
      const { rows } = await this.readManifest(step);
      return Object.values(rows).flatMap(({ segments }) => segments.map(({ file }) => file));
    } catch (error) {
      // Without a manifest the checkpoint cannot be used, so it needs no segments.
      if (error instanceof DamagedDataError) return [];
      throw error;
    }
  }

  /** Renamed first, so that a removal which is cut short does not look like a damaged checkpoint. */
  private async discard(step: number): Promise<void> {
    const removed = join(this.checkpoints, `.removed-step-${step}`);
    await this.files.remove(removed);
    await this.files.rename(this.pathOf(step), removed);
    await this.files.remove(removed);
  }

  private pathOf(step: number): string {
    return join(this.checkpoints, `step-${step}`);
  }
}

async function list(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function encodeMetadata(metadata: JsonObject): string {
  return JSON.stringify(metadata, (key, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new InvalidInputError(
        `checkpoint metadata "${key}"`,
        `JSON cannot hold ${value}; store it in an array of the snapshot or as a string`,
      );
    }
    return value;
  });
}
