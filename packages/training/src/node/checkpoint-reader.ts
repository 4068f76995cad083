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
import { readConfigCopy, readContent, readManifest } from './checkpoint-folder.js';
import type { RowLogManifest } from './checkpoint-manifest.js';
import { systemErrorCode } from './file-operations.js';
import { openRows, verifyRows } from './row-segments.js';
import { assertFolder } from './stored-file.js';

/**
 * How to treat the rows of a checkpoint: verify all of them at once, verify each when it is read, or load none, which
 * is enough to act.
 */
type Rows = 'verified' | 'lazy' | 'none';

const acceptAll: CheckpointTest = () => undefined;

/** Kinds of checkpoints, as prefixes of their folders' names. */
export type CheckpointKind = 'step' | 'best-step';

/** Reads the checkpoints that a `CheckpointStore` has written. */
export class CheckpointReader {
  protected readonly checkpoints: string;
  protected readonly segments: string;
  /** Row logs as of the last checkpoint saved or loaded; the next checkpoint continues from them. */
  protected written: Readonly<Record<string, RowLogManifest>> = {};

  constructor(runDirectory: string) {
    this.checkpoints = join(runDirectory, 'checkpoints');
    this.segments = join(runDirectory, 'replay');
  }

  /**
   * The newest checkpoint to resume from: it is intact, including its rows, and `accept` does not throw
   * DamagedDataError for it. Call `setAsideAfter` next. See `RunStorage.latestCheckpoint`.
   */
  latestVerified(accept = acceptAll): Promise<StoredCheckpoint | undefined> {
    return this.newest('verified', accept);
  }

  /** The newest checkpoint with intact arrays, for reading. Its rows are verified only when they are read. */
  latest(): Promise<StoredCheckpoint | undefined> {
    return this.newest('lazy', acceptAll);
  }

  /**
   * The checkpoint at a step, for reading with its experience. Its rows are verified only when they are read. Throws
   * InvalidInputError with field `checkpoint` if it is not kept, and DamagedDataError if it cannot be used.
   */
  async atStep(step: number): Promise<StoredCheckpoint> {
    const steps = await this.steps('step');
    if (!steps.includes(step)) {
      throw new InvalidInputError(
        'checkpoint',
        `expected a checkpoint that is kept with its experience (${steps.join(', ') || 'there are none yet'}), got ${step}`,
      );
    }
    const snapshot = await this.load('step', step, 'lazy');
    assertActing({ snapshot });
    return { step, snapshot, warnings: [] };
  }

  /**
   * A checkpoint to act with: its row logs are empty, and their files are not read. Throws InvalidInputError with field
   * `checkpoint` if the chosen one is not kept, and DamagedDataError if it cannot be used.
   */
  async toActWith(choice: CheckpointChoice): Promise<StoredCheckpoint | undefined> {
    if (choice === 'newest') return this.newest('none', assertActing);
    const steps = await this.steps('step');
    if (steps.includes(choice as number)) return this.chosen('step', choice as number, choice);
    const best = await this.bestStep();
    if (best !== undefined && (choice === 'best' || choice === best)) {
      return this.chosen('best-step', best, choice);
    }
    const kept = [...steps.map(String), ...(best === undefined ? [] : [`best (of step ${best})`])];
    throw new InvalidInputError(
      'checkpoint',
      choice === 'best' && steps.length > 0
        ? `no best checkpoint was saved: the run has not been evaluated yet, or an older version wrote it; kept are ${kept.join(', ')}`
        : `expected a checkpoint that is kept (${kept.join(', ') || 'there are none yet'}), got ${choice}`,
    );
  }

  /** The step of the best checkpoint; undefined if there is none. */
  async bestStep(): Promise<number | undefined> {
    return (await this.steps('best-step'))[0];
  }

  /** The newest intact copy of the run's `config.json`, or undefined if no checkpoint has one. */
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
    kind: CheckpointKind,
    step: number,
    choice: CheckpointChoice,
  ): Promise<StoredCheckpoint | undefined> {
    try {
      const snapshot = await this.load(kind, step, 'none');
      assertActing({ snapshot });
      return { step, snapshot, warnings: [] };
    } catch (error) {
      if (!isMaxentError(error, 'DAMAGED_DATA')) throw error;
      // A run in progress may have removed the checkpoint while it was being read.
      if (!(await this.steps(kind)).includes(step)) return this.toActWith(choice);
      const others = (await this.steps('step')).filter((other) => kind !== 'step' || other !== step);
      const message = `checkpoint ${kind}-${step} is damaged (${error.message})`;
      const remedy = others.length === 0 ? '' : `; also kept: ${others.join(', ')}`;
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
    // A run in progress may have replaced the checkpoints while they were being read.
    if ((await this.steps('step')).join() !== steps.join()) return this.newest(rows, accept);
    if (steps.length === 0) return undefined;
    const problems = damaged.map(({ problem }) => problem).join('; ');
    throw new DamagedDataError(
      `no checkpoint in "${this.checkpoints}" can be used: ${problems}. ${await this.remedy(rows)}`,
    );
  }

  /** What to do if no checkpoint can be used: some may still be usable to act with, without their rows. */
  private async remedy(rows: Rows): Promise<string> {
    const again = 'start the run again in another directory';
    const policy = await (rows === 'none' ? this.toActWith('best') : this.toActWith('newest')).catch(
      () => undefined,
    );
    if (policy === undefined) return `Restore one from a copy, or ${again}.`;
    if (rows === 'none') return `The best one, of step ${policy.step}, is intact.`;
    return (
      `The experience to learn from is lost, but the policy of step ${policy.step} can still be evaluated. ` +
      `To go on training, restore "${this.segments}" from a copy, or ${again}.`
    );
  }

  protected async asidePathOf(step: number): Promise<string> {
    const used = await namesIn(this.checkpoints);
    let name = `damaged-step-${step}`;
    for (let n = 2; used.includes(name); n++) name = `damaged-step-${step}-${n}`;
    return join(this.checkpoints, name);
  }

  /** Steps of the checkpoints of a kind, newest first. */
  protected async steps(kind: CheckpointKind): Promise<number[]> {
    return (await namesIn(this.checkpoints))
      .filter((name) => name.startsWith(`${kind}-`))
      .map((name) => ({ name, step: Number(name.slice(kind.length + 1)) }))
      .filter(({ name, step }) => Number.isSafeInteger(step) && step >= 0 && name === `${kind}-${step}`)
      .map(({ step }) => step)
      .sort((a, b) => b - a);
  }

  private async load(kind: CheckpointKind, step: number, rows: Rows): Promise<Snapshot> {
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

  protected pathOf(kind: CheckpointKind, step: number): string {
    return join(this.checkpoints, `${kind}-${step}`);
  }
}

/** Names in a folder; none if there is no folder. */
export async function namesIn(directory: string): Promise<string[]> {
  try {
    await assertFolder(directory);
    return await readdir(directory);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return [];
    throw error;
  }
}
