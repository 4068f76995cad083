import {
  copySnapshot,
  DamagedDataError,
  InvalidInputError,
  isMaxentError,
  type Snapshot,
  withoutRows,
} from '@maxent/core';
import { assertActing } from './checkpoint.js';
import type {
  CheckpointChoice,
  CheckpointTest,
  RewoundRows,
  RunRow,
  RunStorage,
  StoredCheckpoint,
} from './run-storage.js';

interface Saved {
  readonly step: number;
  readonly snapshot: Snapshot;
}

/** Keeps rows, the newest checkpoint and the best ones in memory, for browsers and tests. */
export class MemoryRunStorage implements RunStorage {
  private readonly stored: RunRow[] = [];
  private checkpoint: Saved | undefined;
  /** The best one up to the newest checkpoint, and later ones, which a run that resumes from there finds again. */
  private best: Saved[] = [];

  get rows(): readonly RunRow[] {
    return this.stored;
  }

  async append(rows: readonly RunRow[]): Promise<void> {
    this.stored.push(...rows);
  }

  async saveCheckpoint(step: number, snapshot: Snapshot): Promise<void> {
    this.checkpoint = { step, snapshot: copySnapshot(snapshot) };
    const last = this.best.filter((best) => best.step <= step).at(-1);
    this.best = this.best.filter((best) => best === last || best.step > step);
  }

  async saveBest(step: number, snapshot: Snapshot): Promise<void> {
    this.best = this.best.filter((best) => best.step < step);
    this.best.push({ step, snapshot: copySnapshot(withoutRows(snapshot)) });
  }

  async latestCheckpoint(test?: CheckpointTest): Promise<StoredCheckpoint | undefined> {
    if (this.checkpoint === undefined) return undefined;
    requireUsable(this.checkpoint, test);
    const { step, snapshot } = this.checkpoint;
    return { step, snapshot: copySnapshot(snapshot), warnings: [] };
  }

  async actingCheckpoint(choice: CheckpointChoice = 'newest'): Promise<StoredCheckpoint | undefined> {
    const best = this.best.at(-1);
    const candidates =
      choice === 'newest' ? [this.checkpoint] : choice === 'best' ? [best] : [this.checkpoint, best];
    const found = candidates.find((saved) => typeof choice === 'string' || saved?.step === choice);
    if (found === undefined) {
      if (choice === 'newest') return undefined;
      const kept = [this.checkpoint, best].flatMap((saved) => (saved === undefined ? [] : [saved.step]));
      throw new InvalidInputError(
        'checkpoint',
        `expected a checkpoint that is kept (${kept.join(', ') || 'there are none yet'}), got ${choice}`,
      );
    }
    const { step, snapshot } = { ...found, snapshot: withoutRows(found.snapshot) };
    requireUsable({ step, snapshot }, assertActing);
    return { step, snapshot: copySnapshot(snapshot), warnings: [] };
  }

  async rewind(step: number, rows: number, bestStep = -1): Promise<RewoundRows> {
    this.stored.length = Math.min(this.stored.length, rows);
    if (this.checkpoint !== undefined && this.checkpoint.step > step) this.checkpoint = undefined;
    this.best = this.best.filter((best) => best.step <= bestStep);
    return { rows: this.stored.length, warnings: [] };
  }
}

/** There is no other checkpoint in memory to fall back to. */
function requireUsable(saved: Saved, test: CheckpointTest | undefined): void {
  try {
    test?.(saved);
  } catch (error) {
    if (!isMaxentError(error, 'DAMAGED_DATA')) throw error;
    throw new DamagedDataError(`checkpoint of step ${saved.step}: ${error.message}`, { cause: error });
  }
}
