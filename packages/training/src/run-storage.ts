import type { Evaluation, Metrics, Snapshot } from '@maxent/core';

/**
 * One line of a run's record. `wallSeconds` (training time since the run's first start, interruptions left out) and
 * `stepsPerSecond` depend on the machine; every other field is the same whenever the run is repeated or resumed.
 */
export type RunRow = MetricsRow | EpisodeRow | EvaluationRow;

/** Written every `logEvery` steps. */
export interface MetricsRow {
  readonly type: 'metrics';
  readonly step: number;
  /** Gradient steps so far. */
  readonly updates: number;
  /**
   * The agent's metrics under their own names, and `episodes`, `episodeReturn`, `episodeLength`: number, mean return
   * and mean length of the training episodes that ended since the row before (the means are absent without any).
   * `episodeTransformedReturn` is the mean of `transformedReturn` where there is one.
   */
  readonly values: Metrics;
  readonly wallSeconds: number;
  /** Environment steps per second since the row before. */
  readonly stepsPerSecond: number;
}

/** Written when a training episode ends. */
export interface EpisodeRow {
  readonly type: 'episode';
  readonly step: number;
  /** Sum of rewards as the environment's author gives them. */
  readonly return: number;
  /** Sum of the rewards that the agent learned from, where a wrapper changed one of them. */
  readonly transformedReturn?: number;
  readonly length: number;
  readonly terminated: boolean;
  readonly wallSeconds: number;
}

export interface EvaluationRow extends Evaluation {
  readonly type: 'evaluation';
  readonly wallSeconds: number;
}

export interface StoredCheckpoint {
  readonly step: number;
  /** Its rows may be read from the storage when they are asked for, and not any more once a checkpoint is saved. */
  readonly snapshot: Snapshot;
  /** One sentence for each newer checkpoint that could not be used. */
  readonly warnings: readonly string[];
}

/** A checkpoint to act with: the newest, the best by evaluation mean, or that of a step, if it is kept. */
export type CheckpointChoice = 'newest' | 'best' | number;

/** Throws DamagedDataError for a checkpoint that the caller cannot use. */
export type CheckpointTest = (checkpoint: Pick<StoredCheckpoint, 'step' | 'snapshot'>) => void;

/** What is left of a run's rows when it goes on from a checkpoint. */
export interface RewoundRows {
  /** Rows that are kept, damaged ones included. */
  readonly rows: number;
  /** One sentence for what is missing or damaged. */
  readonly warnings: readonly string[];
}

/**
 * Where a training run is kept. Whoever makes a storage releases it; `train` only uses it. Methods throw StorageError
 * when the system refuses to store, and LockLostError, having written nothing, when another process has taken the run
 * over.
 */
export interface RunStorage {
  /** Adds rows, oldest first. They are safe once the next checkpoint is. */
  append(rows: readonly RunRow[]): Promise<void>;
  /** Returns once the checkpoint survives the end of the process. The snapshot may change after that. */
  saveCheckpoint(step: number, snapshot: Snapshot): Promise<void>;
  /** Keeps what acting needs of a snapshot, as the best of the run so far. Its rows are not kept. */
  saveBest(step: number, snapshot: Snapshot): Promise<void>;
  /**
   * The newest intact checkpoint that `test` accepts, or undefined when none was ever saved. Throws DamagedDataError
   * when there are checkpoints but none can be used, and StorageError when the system cannot read one.
   */
  latestCheckpoint(test?: CheckpointTest): Promise<StoredCheckpoint | undefined>;
  /**
   * A checkpoint to act with, whose row logs are empty: damage to rows of experience does not matter here, and a number
   * that is not finite is damage. Undefined for `newest` when none was saved. Throws InvalidInputError with field
   * `checkpoint`, which lists those that are kept, when the chosen one is not, and DamagedDataError when it cannot be
   * used.
   */
  actingCheckpoint(choice?: CheckpointChoice): Promise<StoredCheckpoint | undefined>;
  /**
   * The run is about to be continued from `step`, when `rows` rows had been added and the best evaluation had been
   * that of `bestStep`: forgets all rows after these, and no longer counts checkpoints of later steps or best ones
   * after `bestStep`. Rows that are missing or damaged do not stop the run; the answer says which.
   */
  rewind(step: number, rows: number, bestStep?: number): Promise<RewoundRows>;
}
