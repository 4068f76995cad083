import type { RowColumn, Snapshot, Transition } from '@maxent/core';
import { ReplayBuffer, requireReplayMemory } from '@maxent/replay';
import { requireReplay } from './snapshot-parts.js';
import type { TransitionRow } from './transition-reader.js';

/** The experience that a learner keeps. */
export interface Experience {
  /** Rows that can be drawn. */
  readonly size: number;
  /** Copies a transition. Throws, changing nothing, if it cannot be learned from. */
  append(row: TransitionRow, transition: Transition): void;
  /** The rows, as live views, and their metadata. */
  save(): Snapshot;
  /**
   * Throws SnapshotMismatchError, which names `agent`, if the rows do not fit. Changes nothing by itself: the function
   * that it returns takes the rows over.
   */
  prepare(snapshot: Snapshot, agent: string): () => void;
}

/** Experience in one ring of rows. Throws InvalidInputError if the capacity is beyond the limit on memory. */
export abstract class Replay<Column extends string> implements Omit<Experience, 'append'> {
  readonly log: ReplayBuffer<Column>;

  protected constructor(columns: Readonly<Record<Column, RowColumn>>, capacity: number) {
    requireReplayMemory('replayCapacity', columns, capacity);
    this.log = new ReplayBuffer({ columns, capacity });
  }

  get size(): number {
    return this.log.size;
  }

  save(): Snapshot {
    return { arrays: {}, rows: { replay: this.log }, metadata: {} };
  }

  prepare(snapshot: Snapshot, agent: string): () => void {
    const rows = requireReplay(snapshot, agent);
    this.log.requireFit(rows);
    return () => this.log.load(rows);
  }
}
