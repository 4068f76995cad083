import {
  Replay,
  replayRow,
  type TransitionColumn,
  type TransitionSizes,
  transitionColumns,
} from '@maxent/agents';
import {
  InvalidInputError,
  oldestRow,
  type Rng,
  type RowColumn,
  type Snapshot,
  SnapshotMismatchError,
} from '@maxent/core';
import { requireReplayMemory } from '@maxent/replay';
import type { TaskRow } from './context-rows.js';

export interface TaskReplayOptions extends TransitionSizes {
  readonly capacity: number;
}

/** Which rows a task is inferred from: its last finished visit, the current visit, or all of them. */
export type ContextSource = 'recent' | 'visit' | 'all';

interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** Throws InvalidInputError if this many replays, one for each task, would exceed the limit on memory. */
export function requireTaskReplayMemory(options: TaskReplayOptions, tasks: number): void {
  requireReplayMemory('replayCapacity', columnsOf(options), options.capacity, tasks);
}

function columnsOf(sizes: TransitionSizes): Record<TransitionColumn | 'contextReward', RowColumn> {
  return { ...transitionColumns(sizes), contextReward: { dataType: 'float32', width: 1 } };
}

/**
 * Experience of one task: rows for the critics and, as ranges of the same rows, the context from which the task is
 * inferred. A visit to the task collects a new context, which replaces the previous one once it is complete.
 */
export class TaskReplay extends Replay<TransitionColumn | 'contextReward'> {
  private recent: RowRange = { from: 0, to: 0 };
  private visitFrom = 0;

  constructor(options: TaskReplayOptions) {
    super(columnsOf(options), options.capacity);
  }

  append(row: TaskRow): void {
    this.log.append(replayRow(row));
  }

  /** Rows from now on belong to the context of a new visit. */
  beginVisit(): void {
    this.visitFrom = this.log.appended;
  }

  /** Marks the context of this visit as complete: later rows are for the critics only. */
  completeContext(): void {
    if (this.log.appended > this.visitFrom) this.recent = { from: this.visitFrom, to: this.log.appended };
  }

  /** Rows that `drawContext` would draw from. */
  contextRows(source: ContextSource): number {
    const { from, to } = this.range(source);
    return to - from;
  }

  /** `count` rows of the context, drawn uniformly and with replacement: their slots. */
  drawContext(source: ContextSource, rng: Rng, count: number): Int32Array {
    const { from, to } = this.range(source);
    if (to === from) {
      throw new InvalidInputError('context', 'cannot draw from a task without any collected steps');
    }
    return Int32Array.from({ length: count }, () => (from + rng.integer(to - from)) % this.log.capacity);
  }

  override save(): Snapshot {
    const { recent, visitFrom } = this;
    return { ...super.save(), metadata: { recentFrom: recent.from, recentTo: recent.to, visitFrom } };
  }

  override prepare(snapshot: Snapshot, agent: string): () => void {
    const { recentFrom, recentTo, visitFrom } = snapshot.metadata as Record<string, number>;
    const ends = [recentFrom, recentTo, visitFrom];
    const ordered = ends.every((row) => Number.isSafeInteger(row) && row! >= 0) && recentFrom! <= recentTo!;
    // A snapshot to act with has no rows, but the same metadata about them as one to continue learning from.
    const appended = snapshot.rows?.replay?.appended;
    const within = appended === 0 || ends.every((row) => row! <= appended!);
    if (!ordered || !within) {
      throw new SnapshotMismatchError(`${agent}: the snapshot has no experience of some task`);
    }
    const loadRows = super.prepare(snapshot, agent);
    return () => {
      loadRows();
      this.recent = { from: recentFrom!, to: recentTo! };
      this.visitFrom = visitFrom!;
    };
  }

  /** Rows that the ring has overwritten since are not part of any context. */
  private range(source: ContextSource): RowRange {
    const { appended } = this.log;
    const oldest = oldestRow(this.log);
    const { from, to } =
      source === 'recent' ? this.recent : { from: source === 'visit' ? this.visitFrom : 0, to: appended };
    return { from: Math.max(from, oldest), to: Math.max(to, oldest) };
  }
}
