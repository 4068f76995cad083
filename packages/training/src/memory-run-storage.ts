import { copySnapshot, type Snapshot } from '@maxent/core';
import type { RunRow, RunStorage, StoredCheckpoint } from './run-storage.js';

/** Keeps rows and the newest checkpoint in memory, for browsers and tests. */
export class MemoryRunStorage implements RunStorage {
  private readonly stored: RunRow[] = [];
  private checkpoint: { readonly step: number; readonly snapshot: Snapshot } | undefined;

  get rows(): readonly RunRow[] {
    return this.stored;
  }

  async append(rows: readonly RunRow[]): Promise<void> {
    this.stored.push(...rows);
  }

  async saveCheckpoint(step: number, snapshot: Snapshot): Promise<void> {
    this.checkpoint = { step, snapshot: copySnapshot(snapshot) };
  }

  async latestCheckpoint(): Promise<StoredCheckpoint | undefined> {
    if (this.checkpoint === undefined) return undefined;
    const { step, snapshot } = this.checkpoint;
    return { step, snapshot: copySnapshot(snapshot), warnings: [] };
  }

  async rewind(step: number, rows: number): Promise<void> {
    this.stored.length = Math.min(this.stored.length, rows);
    if (this.checkpoint !== undefined && this.checkpoint.step > step) this.checkpoint = undefined;
  }
}
