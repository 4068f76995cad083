import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInputError, isMaxentError, type Snapshot, StorageError } from '@maxent/core';
import type { RunConfig } from '../run-config.js';
import type {
  CheckpointChoice,
  CheckpointTest,
  RewoundRows,
  RunRow,
  RunStorage,
  StoredCheckpoint,
} from '../run-storage.js';
import { CheckpointReader } from './checkpoint-reader.js';
import { CheckpointStore } from './checkpoint-store.js';
import { type FileOperations, guardedFiles, nodeFileOperations, systemErrorCode } from './file-operations.js';
import { MetricsLog } from './metrics-log.js';
import { replaceFile } from './replace-file.js';
import { RunLock } from './run-lock.js';
import { assertResumable, configText, lengthenedSince, readConfig, writeConfig } from './stored-config.js';
import { EventLog } from './tensorboard/event-log.js';

export interface DirectoryRunStorageOptions {
  /** Number of checkpoints kept; default 2, so that there is another one if the newest is damaged. */
  readonly keepCheckpoints?: number;
  /**
   * Seconds without a sign of life after which another process may take over the run; default 60. The lock of a process
   * that has ended on this machine can be taken at once.
   */
  readonly lockExpirySeconds?: number;
}

export interface NewRunOptions extends DirectoryRunStorageOptions {
  /** Further files that the run needs, by name. They are written to disk before `config.json`. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
}

/** Names that show that a directory already holds a run. */
const USED = ['config.json', 'metrics.jsonl', 'checkpoints', 'replay'];

/**
 * A run directory: `config.json`, `metrics.jsonl`, TensorBoard event files, `checkpoints/step-N/` and `replay/`. If the
 * process ends at any instant, at most the work since the last checkpoint is lost. Call `close` when done.
 */
export class DirectoryRunStorage implements RunStorage {
  private eventLog: EventLog | undefined;
  /** A sentence about anything odd in the run being resumed. */
  private notice: string | undefined;

  private constructor(
    readonly directory: string,
    private readonly lock: RunLock,
    private readonly files: FileOperations,
    private readonly metrics: MetricsLog,
    private readonly checkpoints: CheckpointStore,
  ) {}

  /**
   * Starts a new run. Throws InvalidInputError with field `out` if the directory cannot be written, is in use by
   * another process, or already holds a run.
   */
  static async create(
    directory: string,
    config: RunConfig,
    { files = {}, ...options }: NewRunOptions = {},
  ): Promise<DirectoryRunStorage> {
    return DirectoryRunStorage.open(directory, options, async (writable) => {
      const found = (await readdir(directory)).find((name) => USED.includes(name));
      if (found !== undefined) {
        throw new InvalidInputError(
          'out',
          `"${directory}" already holds a run (${found}); resume it (maxent train --resume), or choose another directory`,
        );
      }
      for (const [name, content] of Object.entries(files)) {
        await replaceFile(join(directory, name), content, writable);
      }
      await writeConfig(directory, config, writable);
      return config;
    });
  }

  /**
   * Opens a run to resume. Throws InvalidInputError with field `out` if there is none or another process uses it, and
   * with the name of the differing key if it was started with another configuration. A larger number of steps lengthens
   * the run.
   */
  static async resume(
    directory: string,
    config: RunConfig,
    options: DirectoryRunStorageOptions = {},
  ): Promise<DirectoryRunStorage> {
    const checkpoints = new CheckpointReader(directory);
    const read = async () => {
      const stored = await readConfig(directory, checkpoints);
      if (stored !== undefined) return stored;
      throw new InvalidInputError('out', `"${directory}" holds no run to resume (no config.json)`);
    };
    assertResumable(await read(), config);
    let notice: string | undefined;
    const storage = await DirectoryRunStorage.open(directory, options, async (writable) => {
      // Read again: another process may have lengthened the run before this one got the lock.
      const stored = await read();
      assertResumable(stored, config);
      notice = await lengthenedSince(stored, checkpoints);
      if (config.steps <= stored.steps) return stored;
      const lengthened = { ...stored, steps: config.steps };
      await writeConfig(directory, lengthened, writable);
      return lengthened;
    });
    storage.notice = notice;
    return storage;
  }

  private static async open(
    directory: string,
    { keepCheckpoints = 2, lockExpirySeconds }: DirectoryRunStorageOptions,
    prepare: (files: FileOperations) => Promise<RunConfig>,
  ): Promise<DirectoryRunStorage> {
    if (!Number.isSafeInteger(keepCheckpoints) || keepCheckpoints < 1) {
      throw new InvalidInputError(
        'keepCheckpoints',
        `expected an integer of at least 1, got ${keepCheckpoints}`,
      );
    }
    let lock: RunLock | undefined;
    let metrics: MetricsLog | undefined;
    try {
      await nodeFileOperations.makeDirectory(directory);
      const held = await RunLock.acquire(directory, { expirySeconds: lockExpirySeconds });
      lock = held;
      const files = guardedFiles(nodeFileOperations, () => held.assertHeld());
      const config = await prepare(files);
      metrics = await MetricsLog.open(directory, files);
      const checkpoints = new CheckpointStore(directory, keepCheckpoints, files, configText(config));
      // Removes what a process that has lost the run may be about to rename or write to. Its `metrics.jsonl` is
      // replaced when the run is rewound.
      await checkpoints.removeUnfinished();
      if (lock.taken) await EventLog.detach(directory, files);
      return new DirectoryRunStorage(directory, lock, files, metrics, checkpoints);
    } catch (error) {
      // The first error says what is wrong; one from the lock would only hide it.
      await metrics?.close().catch(() => undefined);
      await lock?.release().catch(() => undefined);
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
      this.eventLog ??= await EventLog.create(this.directory, this.files);
      await this.eventLog.append(rows);
    });
  }

  saveCheckpoint(step: number, snapshot: Snapshot): Promise<void> {
    return this.storing(async () => {
      // The rows come first: a checkpoint must never be newer than they are.
      await this.metrics.sync();
      await this.checkpoints.save(step, snapshot);
    });
  }

  saveBest(step: number, snapshot: Snapshot): Promise<void> {
    return this.storing(() => this.checkpoints.saveBest(step, snapshot));
  }

  latestCheckpoint(test?: CheckpointTest): Promise<StoredCheckpoint | undefined> {
    return this.checkpoints.latestVerified(test);
  }

  actingCheckpoint(choice: CheckpointChoice = 'newest'): Promise<StoredCheckpoint | undefined> {
    return this.checkpoints.toActWith(choice);
  }

  rewind(step: number, rows: number, bestStep?: number): Promise<RewoundRows> {
    return this.storing(async () => {
      await this.checkpoints.setAsideAfter(step, bestStep);
      const { kept, ...rewound } = await this.metrics.rewind(step, rows);
      await this.eventLog?.close();
      this.eventLog = await EventLog.create(this.directory, this.files, step);
      await this.eventLog.append(kept.filter((row) => row.step === step));
      const { notice } = this;
      return notice === undefined ? rewound : { ...rewound, warnings: [notice, ...rewound.warnings] };
    });
  }

  /**
   * Returns once everything is stored. Writes nothing if another process has taken over the run. Releases every file,
   * and the run, even if it throws.
   */
  async close(): Promise<void> {
    const steps = [
      () => this.storing(() => this.metrics.sync()),
      () => this.translating(() => this.metrics.close()),
      () => this.translating(async () => this.eventLog?.close()),
      () => this.translating(() => this.lock.release()),
    ];
    const failures: unknown[] = [];
    for (const step of steps) {
      try {
        await step();
      } catch (error) {
        // The error that stopped the run has already reported the same reason.
        if (!isMaxentError(error, 'LOCK_LOST')) failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  /** Runs work that writes, which only the process that holds the run may do; throws like `translating`. */
  private storing<T>(work: () => Promise<T>): Promise<T> {
    return this.translating(async () => {
      await this.lock.assertHeld();
      return work();
    });
  }

  /** Throws StorageError in place of a system error such as ENOSPC. */
  private async translating<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === undefined) throw error;
      // Files are missing because the process that now holds the run removed them.
      if (code === 'ENOENT') await this.lock.assertHeld();
      throw new StorageError(
        `cannot store the run in "${this.directory}": ${(error as Error).message}. The last checkpoint is intact: ` +
          'make room or restore access, then resume the run.',
        { cause: error },
      );
    }
  }
}
