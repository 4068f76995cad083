import { InvalidInputError } from '@maxent/core';
import type { RunConfig } from '../run-config.js';
import type { CheckpointChoice, StoredCheckpoint } from '../run-storage.js';
import { CheckpointReader } from './checkpoint-reader.js';
import { readMetrics, type StoredRows } from './metrics-log.js';
import { readConfig } from './stored-config.js';

/** The current content of a run directory, for evaluation and reports. The run may still be in progress. */
export interface StoredRun {
  readonly directory: string;
  readonly config: RunConfig;
  /** Rows up to now; those after the latest checkpoint are dropped if the run is resumed. */
  readRows(): Promise<StoredRows>;
  /** The parts of a checkpoint that acting needs; see `RunStorage.actingCheckpoint`. */
  actingCheckpoint(choice?: CheckpointChoice): Promise<StoredCheckpoint | undefined>;
  /** The step of the best checkpoint by evaluation mean; undefined if there is none to act with. */
  bestStep(): Promise<number | undefined>;
  /**
   * The newest intact checkpoint with its experience, as in `RunStorage.latestCheckpoint`. Here rows of experience are
   * checked only when they are read; reading damaged ones throws DamagedDataError.
   */
  latestCheckpoint(): Promise<StoredCheckpoint | undefined>;
  /**
   * The checkpoint at a step, as `latestCheckpoint` reads it. Throws InvalidInputError with field `checkpoint`, which lists
   * those that are kept, if it is not.
   */
  checkpointAt(step: number): Promise<StoredCheckpoint>;
}

/**
 * Throws InvalidInputError with field `runDir` if the directory does not hold a run, and DamagedDataError if its
 * `config.json` cannot be used or differs from the one that the checkpoints were made with.
 */
export async function readRun(directory: string): Promise<StoredRun> {
  const checkpoints = new CheckpointReader(directory);
  const config = await readConfig(directory, checkpoints);
  if (config === undefined) {
    throw new InvalidInputError('runDir', `"${directory}" holds no run: there is no config.json`);
  }
  return {
    directory,
    config,
    readRows: () => readMetrics(directory),
    actingCheckpoint: (choice = 'newest') => checkpoints.toActWith(choice),
    bestStep: () => checkpoints.bestStep(),
    latestCheckpoint: () => checkpoints.latest(),
    checkpointAt: (step) => checkpoints.atStep(step),
  };
}
