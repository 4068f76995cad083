import { join } from 'node:path';
import { isMaxentError, type RowLog, type Snapshot } from '@maxent/core';
import { readManifest, writeCheckpoint } from './checkpoint-folder.js';
import type { CheckpointManifest, RowLogManifest } from './checkpoint-manifest.js';
import { type CheckpointKind, CheckpointReader, namesIn } from './checkpoint-reader.js';
import type { FileOperations } from './file-operations.js';
import { writeNewRows } from './row-segments.js';
import { assertFolder } from './stored-file.js';

/**
 * The checkpoints of a run: `checkpoints/step-N/`, to resume from, with the row segments in `replay/` that they share,
 * and `checkpoints/best-step-N/`, to act with. A checkpoint is written under a temporary name, synced and renamed, and
 * older ones are removed only after that, so the directory can be loaded even if the process ends at any moment.
 */
export class CheckpointStore extends CheckpointReader {
  constructor(
    runDirectory: string,
    private readonly keep: number,
    private readonly files: FileOperations,
    /** Text of the run's `config.json`; each checkpoint keeps a copy. */
    private readonly config?: string,
  ) {
    super(runDirectory);
  }

  async save(step: number, snapshot: Snapshot): Promise<void> {
    await this.assertFolders();
    await this.files.makeDirectory(this.checkpoints);
    const rows = await this.writeRows(snapshot.rows ?? {});
    await this.write('step', step, snapshot, rows);
    this.written = rows;
    await this.prune();
  }

  /** Stores a snapshot to act with, without its rows, as the best one up to `step`. */
  async saveBest(step: number, snapshot: Snapshot): Promise<void> {
    await this.assertFolders();
    await this.files.makeDirectory(this.checkpoints);
    const rows = Object.entries(snapshot.rows ?? {}).map(([name, { columns, capacity }]) => {
      const none: RowLogManifest = { columns: { ...columns }, capacity, appended: 0, segments: [] };
      return [name, none] as const;
    });
    await this.write('best-step', step, snapshot, Object.fromEntries(rows));
    await this.prune();
  }

  /**
   * Prepares to resume from `step`: renames the checkpoints of later steps, which are damaged, to `damaged-step-N`.
   * They and their row segments are kept until somebody deletes them. Best checkpoints after `bestStep`, which the run
   * will find again, are removed.
   */
  async setAsideAfter(step: number, bestStep?: number): Promise<void> {
    await this.assertFolders();
    const later = (await this.steps('step')).filter((other) => other > step);
    for (const other of later) {
      await this.files.rename(this.pathOf('step', other), await this.asidePathOf(other));
    }
    const undone = (await this.steps('best-step')).filter((other) => other > (bestStep ?? -1));
    for (const other of undone) await this.discard('best-step', other);
    if (later.length + undone.length > 0) await this.files.syncDirectory(this.checkpoints);
  }

  /** Removes what a process left behind if it ended, or lost the run, while writing. */
  async removeUnfinished(): Promise<void> {
    await this.assertFolders();
    for (const folder of [this.checkpoints, this.segments]) {
      for (const name of await namesIn(folder)) {
        if (name.startsWith('.')) await this.files.remove(join(folder, name));
      }
    }
  }

  private async write(
    kind: CheckpointKind,
    step: number,
    snapshot: Snapshot,
    rows: CheckpointManifest['rows'],
  ): Promise<void> {
    const { files } = this;
    const temporary = join(this.checkpoints, `.writing-${kind}-${step}`);
    await files.remove(temporary);
    await files.makeDirectory(temporary);
    await writeCheckpoint(temporary, { step, snapshot, rows, config: this.config }, files);
    if ((await namesIn(this.checkpoints)).includes(`${kind}-${step}`)) await this.discard(kind, step);
    await files.rename(temporary, this.pathOf(kind, step));
    await files.syncDirectory(this.checkpoints);
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

  /**
   * Removes old checkpoints, best ones that no kept checkpoint would go back to, leftovers of interrupted saves, and
   * segments that nothing refers to.
   */
  private async prune(): Promise<void> {
    const steps = await this.steps('step');
    for (const step of steps.slice(this.keep)) await this.discard('step', step);
    const oldest = steps.slice(0, this.keep).at(-1) ?? -1;
    // A run that resumes from the oldest checkpoint continues with the best one up to there, and may find others later.
    const settled = (await this.steps('best-step')).filter((step) => step <= oldest);
    for (const step of settled.slice(1)) await this.discard('best-step', step);
    const needed = new Set<string>();
    for (const name of await namesIn(this.checkpoints)) {
      if (!/^(damaged-)?step-/.test(name)) continue;
      for (const file of await segmentsOf(join(this.checkpoints, name))) needed.add(file);
    }
    for (const name of await namesIn(this.segments)) {
      if (!needed.has(name)) await this.files.remove(join(this.segments, name));
    }
    for (const name of await namesIn(this.checkpoints)) {
      if (name.startsWith('.')) await this.files.remove(join(this.checkpoints, name));
    }
  }

  /** Renames before removing, so that an interrupted removal does not look like a damaged checkpoint. */
  private async discard(kind: CheckpointKind, step: number): Promise<void> {
    const removed = join(this.checkpoints, `.removed-${kind}-${step}`);
    await this.files.remove(removed);
    await this.files.rename(this.pathOf(kind, step), removed);
    await this.files.remove(removed);
  }

  /** A link in place of a folder would redirect writes and removals out of the run. */
  private async assertFolders(): Promise<void> {
    await assertFolder(this.checkpoints);
    await assertFolder(this.segments);
  }
}

/** Names of the segment files that a checkpoint refers to. */
async function segmentsOf(checkpoint: string): Promise<string[]> {
  try {
    const { rows } = await readManifest(checkpoint);
    return Object.values(rows).flatMap(({ segments }) => segments.map(({ file }) => file));
  } catch (error) {
    // Without a manifest the checkpoint cannot be used, so it needs no segments.
    if (isMaxentError(error, 'DAMAGED_DATA')) return [];
    throw error;
  }
}
