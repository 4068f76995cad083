import type { Evaluation, Metrics, Snapshot } from '@maxent/core';

/**
 * One line of a run's record. `wallSeconds` (training time since the run's first start, without interruptions) and
 * `stepsPerSecond` depend on the machine; every other field is the same if the run is repeated or resumed.
 */
export type RunRow = MetricsRow | EpisodeRow | EvaluationRow | WarningRow;

/** Written every `logEvery` steps. */
export interface MetricsRow {
  readonly type: 'metrics';
  readonly step: number;
  /** Gradient steps so far. */
  readonly updates: number;
  /**
   * The agent's metrics under their own names, and `episodes`, `episodeReturn`, `episodeLength`: number, mean return
   * and mean length of the training episodes that ended since the previous row (the means are absent if there were
   * none). `episodeTransformedReturn` is the mean of `transformedReturn`, if there is one.
   */
  readonly values: Metrics;
  readonly wallSeconds: number;
  /** Environment steps per second since the previous row. */
  readonly stepsPerSecond: number;
}

/** Written when a training episode ends. */
export interface EpisodeRow {
  readonly type: 'episode';
  readonly step: number;
  /** Which of several environments it ran in, counted from 0; absent if the run has one. */
  readonly environment?: number;
  /** Sum of the environment's own rewards. */
  readonly return: number;
  /** Sum of the rewards that the agent learned from, if a wrapper changed one of them. */
  readonly transformedReturn?: number;
  readonly length: number;
  readonly terminated: boolean;
  readonly wallSeconds: number;
}

export interface EvaluationRow extends Evaluation {
  readonly type: 'evaluation';
  readonly wallSeconds: number;
}

/** Written where later rows differ from those of an uninterrupted run; says why. */
export interface WarningRow {
  readonly type: 'warning';
  readonly step: number;
  readonly message: string;
  readonly wallSeconds: number;
}

export interface StoredCheckpoint {
  readonly step: number;
  /** Its rows are read from the storage on demand, which is no longer possible once another checkpoint is saved. */
  readonly snapshot: Snapshot;
  /** One sentence for each newer checkpoint that could not be used. */
  readonly warnings: readonly string[];
}

/** A checkpoint to act with: the newest, the best by evaluation mean, or the one at a step, if it is kept. */
export type CheckpointChoice = 'newest' | 'best' | number;

/** Throws DamagedDataError for a checkpoint that the caller cannot use. */
export type CheckpointTest = (checkpoint: Pick<StoredCheckpoint, 'step' | 'snapshot'>) => void;

/** The rows that are left when a run resumes from a checkpoint. */
export interface RewoundRows {
  /** Number of rows that are kept, including damaged ones. */
  readonly rows: number;
  /** One sentence for each kind of missing or damaged rows. */
  readonly warnings: readonly string[];
}

/**
 * Where a training run is kept. The caller that creates a storage also closes it; `train` only uses it. Methods throw
 * StorageError if the system refuses to store, and LockLostError, having written nothing, if another process has taken
 * over the run.
 */
export interface RunStorage {
  /** Adds rows, oldest first. They are safely stored once the next checkpoint is. */
  append(rows: readonly RunRow[]): Promise<void>;
  /** Returns once the checkpoint survives the end of the process. The snapshot may change after that. */
  saveCheckpoint(step: number, snapshot: Snapshot): Promise<void>;
  /** Keeps the parts of a snapshot that acting needs, as the run's best so far. Its rows are not kept. */
  saveBest(step: number, snapshot: Snapshot): Promise<void>;
  /**
   * The newest intact checkpoint that `test` accepts, or undefined if none was ever saved. Throws DamagedDataError if
   * there are checkpoints but none can be used, and StorageError if the system cannot read one.
   */
  latestCheckpoint(test?: CheckpointTest): Promise<StoredCheckpoint | undefined>;
  /**
   * A checkpoint to act with. Its row logs are empty, so damage to rows of experience does not matter here; a number
   * that is not finite counts as damage. Undefined for `newest` if none was saved. Throws InvalidInputError with field
   * `checkpoint`, which lists the checkpoints that are kept, if the chosen one is not, and DamagedDataError if it
   * cannot be used.
   */
  actingCheckpoint(choice?: CheckpointChoice): Promise<StoredCheckpoint | undefined>;
  /**
   * Prepares to resume from `step`, at which `rows` rows had been added and the best evaluation was the one at
   * `bestStep`: drops all later rows, checkpoints of later steps and best checkpoints after `bestStep`. Missing or
   * damaged rows do not stop the run; the result says which ones.
   */
  rewind(step: number, rows: number, bestStep?: number): Promise<RewoundRows>;
}
