import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DamagedDataError,
  emptyRowLog,
  InvalidInputError,
  isMaxentError,
  type RowLog,
  type Snapshot,
} from '@maxent/core';
import { assertActing } from '../checkpoint.js';
import type { CheckpointChoice, CheckpointTest, StoredCheckpoint } from '../run-storage.js';
import { readConfigCopy, readContent, readManifest, writeCheckpoint } from './checkpoint-folder.js';
import type { CheckpointManifest, RowLogManifest } from './checkpoint-manifest.js';
import { type FileOperations, systemErrorCode } from './file-operations.js';
import { openRows, verifyRows, writeNewRows } from './row-segments.js';
import { assertFolder } from './stored-file.js';

/**
 * What is done about the rows of a checkpoint: all of them verified at once, each when it is read, or none loaded at
 * all, which is enough to act.
 */
type Rows = 'verified' | 'lazy' | 'none';

const acceptAll: CheckpointTest = () => undefined;

/** Kinds of checkpoints, as the beginnings of their folders' names. */
type Kind = 'step' | 'best-step';

/**
 * The checkpoints of a run: `checkpoints/step-N/`, to go on from, with the row segments in `replay/` that they share,
 * and `checkpoints/best-step-N/`, to act with. A checkpoint is written under a temporary name, synced and renamed, and
 * older ones are removed only after that, so the directory can be loaded whenever the process ends.
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
    /** Text of the run's `config.json`, of which each checkpoint keeps a copy. */
    private readonly config?: string,
  ) {
    this.checkpoints = join(runDirectory, 'checkpoints');
    this.segments = join(runDirectory, 'replay');
  }

  async save(step: number, snapshot: Snapshot): Promise<void> {
    await this.assertFolders();
    await this.files.makeDirectory(this.checkpoints);
    const rows = await this.writeRows(snapshot.rows ?? {});
    await this.write('step', step, snapshot, rows);
    this.written = rows;
    await this.prune();
  }

  /** Keeps a snapshot to act with, without its rows, as the best up to `step`. */
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
   * The newest checkpoint that is intact, rows included, and that `accept` does not throw DamagedDataError for, to
   * resume from. `setAsideAfter` is to follow. See `RunStorage.latestCheckpoint`.
   */
  latestVerified(accept = acceptAll): Promise<StoredCheckpoint | undefined> {
    return this.newest('verified', accept);
  }

  /** The newest checkpoint whose arrays are intact, to look at. Its rows are verified only when they are read. */
  latest(): Promise<StoredCheckpoint | undefined> {
    return this.newest('lazy', acceptAll);
  }

  /**
   * A checkpoint to act with: its row logs are empty, and their files are not looked at. Throws InvalidInputError with
   * field `checkpoint` when the chosen one is not kept, and DamagedDataError when it cannot be used.
   */
  async toActWith(choice: CheckpointChoice): Promise<StoredCheckpoint | undefined> {
    if (choice === 'newest') return this.newest('none', assertActing);
    const steps = await this.steps('step');
    if (steps.includes(choice as number)) return this.chosen('step', choice as number, choice);
    const [best] = await this.steps('best-step');
    if (best !== undefined && (choice === 'best' || choice === best)) {
      return this.chosen('best-step', best, choice);
    }
    const kept = [...steps.map(String), ...(best === undefined ? [] : [`best (of step ${best})`])];
    throw new InvalidInputError(
      'checkpoint',
      choice === 'best' && steps.length > 0
        ? `no best checkpoint was saved, as the run was not evaluated yet or is one of an older version; kept are ${kept.join(', ')}`
        : `expected one that is kept (${kept.join(', ') || 'there are none yet'}), got ${choice}`,
    );
  }

  /** The newest intact copy of the run's `config.json`, or undefined when no checkpoint has one. */
  async configCopy(): Promise<{ readonly path: string; readonly text: string } | undefined> {
    for (const kind of ['step', 'best-step'] as const) {
      for (const step of await this.steps(kind)) {
        const folder = this.pathOf(kind, step);
        try {
          const copy = await readConfigCopy(folder, await readManifest(folder, step));
          if (copy !== undefined) return copy;
        } catch (error) {
          if (!isMaxentError(error, 'DAMAGED_DATA')) throw error;
        }
      }
    }
    return undefined;
  }

  private async chosen(
    kind: Kind,
    step: number,
    choice: CheckpointChoice,
  ): Promise<StoredCheckpoint | undefined> {
    try {
      const snapshot = await this.load(kind, step, 'none');
      assertActing({ snapshot });
      return { step, snapshot, warnings: [] };
    } catch (error) {
      if (!isMaxentError(error, 'DAMAGED_DATA')) throw error;
      // A run that goes on meanwhile may have removed the checkpoint while it was read.
      if (!(await this.steps(kind)).includes(step)) return this.toActWith(choice);
      const others = (await this.steps('step')).filter((other) => kind !== 'step' || other !== step);
      const message = `checkpoint ${kind}-${step} is damaged (${error.message})`;
      const remedy = others.length === 0 ? '' : `; kept besides it: ${others.join(', ')}`;
      throw new DamagedDataError(`${message}${remedy}`, { cause: error });
    }
  }

  private async newest(rows: Rows, accept: CheckpointTest): Promise<StoredCheckpoint | undefined> {
    const damaged: { readonly step: number; readonly problem: string }[] = [];
    const steps = await this.steps('step');
    for (const step of steps) {
      try {
        const snapshot = await this.load('step', step, rows);
        accept({ step, snapshot });
        const warnings: string[] = [];
        for (const { step: other, problem } of damaged) {
          const kept = rows === 'verified' ? `, kept as "${await this.asidePathOf(other)}"` : '';
          warnings.push(`${problem}${kept}; using step ${step} instead`);
        }
        return { step, snapshot, warnings };
      } catch (error) {
        if (!isMaxentError(error, 'DAMAGED_DATA')) throw error;
        damaged.push({ step, problem: `checkpoint step-${step} is damaged (${error.message})` });
      }
    }
    // A run that goes on meanwhile may have replaced the checkpoints while they were read.
    if ((await this.steps('step')).join() !== steps.join()) return this.newest(rows, accept);
    if (steps.length === 0) return undefined;
    const problems = damaged.map(({ problem }) => problem).join('; ');
    throw new DamagedDataError(
      `no checkpoint in "${this.checkpoints}" can be used: ${problems}. ${await this.remedy(rows)}`,
    );
  }

  /** What to do when no checkpoint can be used: without their rows, some may still be good to act with. */
  private async remedy(rows: Rows): Promise<string> {
    const again = 'start the run again in another directory';
    const policy = await (rows === 'none' ? this.toActWith('best') : this.toActWith('newest')).catch(
      () => undefined,
    );
    if (policy === undefined) return `Restore one from a copy, or ${again}.`;
    if (rows === 'none') return `The best one, of step ${policy.step}, is intact.`;
    return (
      `The experience to learn from is lost, the policy is not: that of step ${policy.step} can still be evaluated. ` +
      `To go on training, restore "${this.segments}" from a copy, or ${again}.`
    );
  }

  /**
   * The run goes on from `step`: renames the checkpoints of later steps, which are damaged, to `damaged-step-N`. With
   * the row segments that they refer to they are kept until somebody deletes them. Best ones after `bestStep`, which
   * the run will find again, are removed.
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

  /** Removes what a process left that ended, or lost the run, while it was writing. */
  async removeUnfinished(): Promise<void> {
    await this.assertFolders();
    for (const folder of [this.checkpoints, this.segments]) {
      for (const name of await list(folder)) {
        if (name.startsWith('.')) await this.files.remove(join(folder, name));
      }
    }
  }

  private async asidePathOf(step: number): Promise<string> {
    const used = await list(this.checkpoints);
    let name = `damaged-step-${step}`;
    for (let n = 2; used.includes(name); n++) name = `damaged-step-${step}-${n}`;
    return join(this.checkpoints, name);
  }

  /** Steps of the checkpoints of a kind, newest first. */
  private async steps(kind: Kind): Promise<number[]> {
    return (await list(this.checkpoints))
      .filter((name) => name.startsWith(`${kind}-`))
      .map((name) => ({ name, step: Number(name.slice(kind.length + 1)) }))
      .filter(({ name, step }) => Number.isSafeInteger(step) && step >= 0 && name === `${kind}-${step}`)
      .map(({ step }) => step)
      .sort((a, b) => b - a);
  }

  private async load(kind: Kind, step: number, rows: Rows): Promise<Snapshot> {
    const folder = this.pathOf(kind, step);
    const manifest = await readManifest(folder, step);
    const content = await readContent(folder, manifest);
    if (rows !== 'none') await assertFolder(this.segments);
    const logs: [string, RowLog][] = [];
    for (const [name, log] of Object.entries(manifest.rows)) {
      if (rows === 'verified') await verifyRows(this.segments, name, log);
      logs.push([name, rows === 'none' ? emptyRowLog(log) : openRows(this.segments, name, log)]);
    }
    if (kind === 'step') this.written = manifest.rows;
    return { ...content, rows: Object.fromEntries(logs) };
  }

  private async write(
    kind: Kind,
    step: number,
    snapshot: Snapshot,
    rows: CheckpointManifest['rows'],
  ): Promise<void> {
    const { files } = this;
    const temporary = join(this.checkpoints, `.writing-${kind}-${step}`);
    await files.remove(temporary);
    await files.makeDirectory(temporary);
    await writeCheckpoint(temporary, { step, snapshot, rows, config: this.config }, files);
    if ((await list(this.checkpoints)).includes(`${kind}-${step}`)) await this.discard(kind, step);
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
   * Removes all but the newest checkpoints, best ones that no kept checkpoint would go back to, what interrupted saves
   * left, and segments that nothing refers to.
   */
  private async prune(): Promise<void> {
    const steps = await this.steps('step');
    for (const step of steps.slice(this.keep)) await this.discard('step', step);
    const oldest = steps.slice(0, this.keep).at(-1) ?? -1;
    // A run that goes on from the oldest checkpoint goes on with the best until there, and may find others after it.
    const settled = (await this.steps('best-step')).filter((step) => step <= oldest);
    for (const step of settled.slice(1)) await this.discard('best-step', step);
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
  private async discard(kind: Kind, step: number): Promise<void> {
    const removed = join(this.checkpoints, `.removed-${kind}-${step}`);
    await this.files.remove(removed);
    await this.files.rename(this.pathOf(kind, step), removed);
    await this.files.remove(removed);
  }

  private pathOf(kind: Kind, step: number): string {
    return join(this.checkpoints, `${kind}-${step}`);
  }

  /** A link in their place would lead what is written and removed out of the run. */
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

async function list(directory: string): Promise<string[]> {
  try {
    await assertFolder(directory);
    return await readdir(directory);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return [];
    throw error;
  }
}
