import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInputError, type Snapshot, StorageError } from '@maxent/core';
import type { RunConfig } from '../run-config.js';
import type { RunRow, RunStorage, StoredCheckpoint } from '../run-storage.js';
import { CheckpointStore } from './checkpoint-store.js';
import { nodeFileOperations, systemErrorCode } from './file-operations.js';
import { MetricsLog } from './metrics-log.js';
import { replaceFile } from './replace-file.js';
import { RunLock } from './run-lock.js';
import { assertResumable, readConfig, writeConfig } from './stored-config.js';
import { EventLog } from './tensorboard/event-log.js';

export interface DirectoryRunStorageOptions {
  /** Number of checkpoints kept; default 2, so that there is another one should the newest be damaged. */
  readonly keepCheckpoints?: number;
}

export interface NewRunOptions extends DirectoryRunStorageOptions {
  /** Further files that the run cannot be without, by name. They are on the disk before `config.json`. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
}

/** What shows that a directory holds a run already. */
const USED = ['config.json', 'metrics.jsonl', 'checkpoints', 'replay'];

/**
 * A run directory: `config.json`, `metrics.jsonl`, TensorBoard event files, `checkpoints/step-N/` and `replay/`. The
 * end of the process at any instant loses at most what came after the last checkpoint. Call `close` when done.
 */
export class DirectoryRunStorage implements RunStorage {
  private eventLog: EventLog | undefined;

  private constructor(
    readonly directory: string,
    private readonly lock: RunLock,
    private readonly metrics: MetricsLog,
    private readonly checkpoints: CheckpointStore,
  ) {}

  /**
   * Starts a new run. Throws InvalidInputError with field `out` when the directory cannot be written, is in use by
   * another process, or holds a run already.
   */
  static async create(
    directory: string,
    config: RunConfig,
    { files = {}, ...options }: NewRunOptions = {},
  ): Promise<DirectoryRunStorage> {
    return DirectoryRunStorage.open(directory, options, async () => {
      const found = (await readdir(directory)).find((name) => USED.includes(name));
      if (found !== undefined) {
        throw new InvalidInputError(
          'out',
          `"${directory}" holds a run already (${found}); continue it with resume, or choose another directory`,
        );
      }
      for (const [name, content] of Object.entries(files)) await replaceFile(join(directory, name), content);
      await writeConfig(directory, config);
    });
  }

  /**
   * Opens a run to be continued. Throws InvalidInputError with field `out` when there is none or another process
   * uses it, and with the name of the differing key when it was started with another configuration. More steps than
   * before lengthen the run.
   */
  static async resume(
    directory: string,
    config: RunConfig,
    options: DirectoryRunStorageOptions = {},
  ): Promise<DirectoryRunStorage> {
    const stored = await readConfig(directory);
    if (stored === undefined) {
      throw new InvalidInputError(
        'out',
        `"${directory}" holds no run to resume (no config.json); start one there`,
      );
    }
    assertResumable(stored, config);
    return DirectoryRunStorage.open(directory, options, async () => {
      if (config.steps > stored.steps) await writeConfig(directory, { ...stored, steps: config.steps });
    });
  }

  private static async open(
    directory: string,
    { keepCheckpoints = 2 }: DirectoryRunStorageOptions,
    prepare: () => Promise<void>,
  ): Promise<DirectoryRunStorage> {
    if (!Number.isSafeInteger(keepCheckpoints) || keepCheckpoints < 1) {
      throw new InvalidInputError(
        'keepCheckpoints',
        `expected an integer of at least 1, got ${keepCheckpoints}`,
      );
    }
    let lock: RunLock | undefined;
    try {
      await nodeFileOperations.makeDirectory(directory);
      lock = await RunLock.acquire(directory);
      await prepare();
      const metrics = await MetricsLog.open(join(directory, 'metrics.jsonl'));
      const checkpoints = new CheckpointStore(directory, keepCheckpoints, nodeFileOperations);
      return new DirectoryRunStorage(directory, lock, metrics, checkpoints);
    } catch (error) {
      await lock?.release();
      const code = systemErrorCode(error);
      if (code === undefined) throw error;
      throw new InvalidInputError(
        'out',
        `cannot write to "${directory}" (${code}); choose a directory that can be created and written`,
        { cause: error },
      );
    }
  }

  append(rows: readonly RunRow[]): Promise<void> {
    return this.storing(async () => {
      await this.metrics.append(rows);
      this.eventLog ??= await EventLog.create(this.directory);
      await this.eventLog.append(rows);
    });
  }

  saveCheckpoint(step: number, snapshot: Snapshot): Promise<void> {
    return this.storing(async () => {
      // First the rows: a checkpoint must never be newer than they are.
      await this.metrics.sync();
      await this.checkpoints.save(step, snapshot);
    });
  }

  latestCheckpoint(): Promise<StoredCheckpoint | undefined> {
    return this.checkpoints.latestVerified();
  }

  rewind(step: number, rows: number): Promise<void> {
    return this.storing(async () => {
      await this.checkpoints.setAsideAfter(step);
      const kept = await this.metrics.rewind(step, rows);
      await this.eventLog?.close();
      this.eventLog = await EventLog.create(this.directory, step);
      await this.eventLog.append(kept.filter((row) => row.step === step));
    });
  }

  async close(): Promise<void> {
    try {
      await this.storing(() => this.metrics.sync());
    } finally {
      await this.metrics.close();
      await this.eventLog?.close();
      await this.lock.release();
    }
  }

  /** Throws StorageError in place of an error of the system, such as ENOSPC. */
  private async storing(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (systemErrorCode(error) === undefined) throw error;
      throw new StorageError(
        `cannot store the run in "${this.directory}": ${(error as Error).message}. The last checkpoint is intact: ` +
          'make room or restore access, then continue with resume.',
        { cause: error },
      );
    }
  }
}
