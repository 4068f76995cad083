import { InvalidInputError } from '@maxent/core';
import type { RunConfig } from '../run-config.js';
import type { CheckpointChoice, StoredCheckpoint } from '../run-storage.js';
import { CheckpointReader } from './checkpoint-reader.js';
import { readMetrics, type StoredRows } from './metrics-log.js';
import { readConfig } from './stored-config.js';

/** A run directory as it is now, for evaluation and reports. The run may still be going on. */
export interface StoredRun {
  readonly directory: string;
  readonly config: RunConfig;
  /** Rows up to now; those after the latest checkpoint are dropped if the run is resumed. */
  readRows(): Promise<StoredRows>;
  /** What acting needs of a checkpoint; see `RunStorage.actingCheckpoint`. */
  actingCheckpoint(choice?: CheckpointChoice): Promise<StoredCheckpoint | undefined>;
  /**
   * The newest checkpoint with its experience, older ones taking the place of damaged ones as in
   * `RunStorage.latestCheckpoint`. Damaged rows of experience do not count there: reading them throws DamagedDataError.
   */
  latestCheckpoint(): Promise<StoredCheckpoint | undefined>;
}

/**
 * Throws InvalidInputError with field `runDir` when the directory holds no run, and DamagedDataError when its
 * `config.json` cannot be used or is not what the checkpoints were made with.
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
    latestCheckpoint: () => checkpoints.latest(),
  };
}
