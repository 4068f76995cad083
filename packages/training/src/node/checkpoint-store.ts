import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DamagedDataError,
  decodeSafetensors,
  encodeSafetensors,
  InvalidInputError,
  isMaxentError,
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
import { openRows, verifyRows, writeNewRows } from './row-segments.js';

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

  /**
   * The newest checkpoint that is intact, rows included, to resume from. `setAsideAfter` is to follow. See
   * `RunStorage.latestCheckpoint`.
   */
  latestVerified(): Promise<StoredCheckpoint | undefined> {
    return this.newest({ verifyRows: true });
  }

  /** The newest checkpoint whose arrays are intact, to look at. Its rows are verified only when they are read. */
  latest(): Promise<StoredCheckpoint | undefined> {
    return this.newest({ verifyRows: false });
  }

  private async newest(options: { readonly verifyRows: boolean }): Promise<StoredCheckpoint | undefined> {
    const damaged: { readonly step: number; readonly problem: string }[] = [];
    const steps = await this.steps();
    for (const step of steps) {
      try {
        const snapshot = await this.load(step, options);
        const warnings: string[] = [];
        for (const { step: other, problem } of damaged) {
          const kept = options.verifyRows ? `, kept as "${await this.asidePathOf(other)}"` : '';
          warnings.push(`${problem}${kept}; using step ${step} instead`);
        }
        return { step, snapshot, warnings };
      } catch (error) {
        if (!isMaxentError(error, 'DAMAGED_DATA')) throw error;
        damaged.push({ step, problem: `checkpoint step-${step} is damaged (${error.message})` });
      }
    }
    // A run that goes on meanwhile may have replaced the checkpoints while they were read.
    if ((await this.steps()).join() !== steps.join()) return this.newest(options);
    if (steps.length === 0) return undefined;
    throw new DamagedDataError(
      `no checkpoint in "${this.checkpoints}" can be used: ${damaged.map(({ problem }) => problem).join('; ')}. Restore one from a copy, or start ` +
        'the run again in another directory.',
    );
  }

  /**
   * The run goes on from `step`: renames the checkpoints of later steps, which are damaged, to `damaged-step-N`. With
   * the row segments that they refer to they are kept until somebody deletes them.
   */
  async setAsideAfter(step: number): Promise<void> {
    const later = (await this.steps()).filter((other) => other > step);
    for (const other of later) await this.files.rename(this.pathOf(other), await this.asidePathOf(other));
    if (later.length > 0) await this.files.syncDirectory(this.checkpoints);
  }

  private async asidePathOf(step: number): Promise<string> {
    const used = await list(this.checkpoints);
    let name = `damaged-step-${step}`;
    for (let n = 2; used.includes(name); n++) name = `damaged-step-${step}-${n}`;
    return join(this.checkpoints, name);
  }

  /** Steps of the checkpoints, newest first. */
  private async steps(): Promise<number[]> {
    return (await list(this.checkpoints))
      .flatMap((name) => /^step-(\d+)$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => b - a);
  }

  private async load(step: number, options: { readonly verifyRows: boolean }): Promise<Snapshot> {
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
      if (options.verifyRows) await verifyRows(this.segments, name, log);
      rows[name] = openRows(this.segments, name, log);
    }
    this.written = manifest.rows;
    return { arrays, rows, metadata };
  }

  private async readManifest(step: number): Promise<CheckpointManifest> {
    const manifest = await readManifestIn(this.pathOf(step));
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
    for (const name of await list(this.checkpoints)) {
      if (!/^(damaged-)?step-/.test(name)) continue;
      for (const file of await segmentsOf(join(this.checkpoints, name))) needed.add(file);
    }
    for (const name of await list(this.segments)) {
      if (!needed.has(name)) await this.files.remove(join(this.segments, name));
    }
    for (const name of await list(this.checkpoints)) {
      if (name.startsWith('.')) await this.files.remove(join(this.checkpoints, name));
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

async function readManifestIn(checkpoint: string): Promise<CheckpointManifest> {
  return decodeManifest((await readStored(join(checkpoint, MANIFEST))).toString('utf8'));
}

/** Names of the segment files that a checkpoint refers to. */
async function segmentsOf(checkpoint: string): Promise<string[]> {
  try {
    const { rows } = await readManifestIn(checkpoint);
    return Object.values(rows).flatMap(({ segments }) => segments.map(({ file }) => file));
  } catch (error) {
    // Without a manifest the checkpoint cannot be used, so it needs no segments.
    if (isMaxentError(error, 'DAMAGED_DATA')) return [];
    throw error;
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
