import { join } from 'node:path';
import { InvalidInputError } from '@maxent/core';
import type { RunConfig } from '../run-config.js';
import type { StoredCheckpoint } from '../run-storage.js';
import { CheckpointStore } from './checkpoint-store.js';
import { nodeFileOperations } from './file-operations.js';
import { readMetrics, type StoredRows } from './metrics-log.js';
import { readConfig } from './stored-config.js';

/** A run directory as it is now, for evaluation and reports. The run may still be going on. */
export interface StoredRun {
  readonly directory: string;
  readonly config: RunConfig;
  /** Rows up to now; those after the latest checkpoint are dropped if the run is resumed. */
  readRows(): Promise<StoredRows>;
  /**
   * The newest checkpoint, older ones taking the place of damaged ones as in `RunStorage.latestCheckpoint`. Damaged
   * rows of experience do not count there: reading them throws DamagedDataError.
   */
  latestCheckpoint(): Promise<StoredCheckpoint | undefined>;
}

/** Throws InvalidInputError with field `runDir` when the directory holds no run. */
export async function readRun(directory: string): Promise<StoredRun> {
  const config = await readConfig(directory);
  if (config === undefined) {
    throw new InvalidInputError('runDir', `"${directory}" holds no run: there is no config.json`);
  }
  const checkpoints = new CheckpointStore(directory, 1, nodeFileOperations);
  return {
    directory,
    config,
    readRows: () => readMetrics(join(directory, 'metrics.jsonl')),
    latestCheckpoint: () => checkpoints.latest(),
  };
}
