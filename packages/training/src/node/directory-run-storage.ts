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
  /** Number of checkpoints kept; default 2, so that there is another one should the newest be damaged. */
  readonly keepCheckpoints?: number;
  /**
   * Seconds without a sign of life after which another process may take the run over; default 60. The lock of a
   * process that has ended on this machine can be taken at once.
   */
  readonly lockExpirySeconds?: number;
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
  /** What is odd about the run that goes on, in a sentence. */
  private notice: string | undefined;

  private constructor(
    readonly directory: string,
    private readonly lock: RunLock,
    private readonly files: FileOperations,
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
    return DirectoryRunStorage.open(directory, options, async (writable) => {
      const found = (await readdir(directory)).find((name) => USED.includes(name));
      if (found !== undefined) {
        throw new InvalidInputError(
          'out',
          `"${directory}" holds a run already (${found}); resume it (maxent train --resume), or choose another directory`,
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
   * Opens a run to be continued. Throws InvalidInputError with field `out` when there is none or another process
   * uses it, and with the name of the differing key when it was started with another configuration. More steps than
   * before lengthen the run.
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
      // Again: another process may have lengthened the run before this one got the lock.
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
      // What a process that has lost the run is about to rename or to write to must not be there any more. Its
      // `metrics.jsonl` goes when the run is rewound.
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
      // First the rows: a checkpoint must never be newer than they are.
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
   * Returns once everything is stored. Writes nothing when another process has taken the run over. Lets go of every
   * file, and of the run, even where it throws.
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
        // One that stopped the run for the same reason has told it.
        if (!isMaxentError(error, 'LOCK_LOST')) failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  /** Writes, which only the process that has the run may do; throws as `translating` does. */
  private storing<T>(work: () => Promise<T>): Promise<T> {
    return this.translating(async () => {
      await this.lock.assertHeld();
      return work();
    });
  }

  /** Throws StorageError in place of an error of the system, such as ENOSPC. */
  private async translating<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === undefined) throw error;
      // What the process that has the run now removed is missing here.
      if (code === 'ENOENT') await this.lock.assertHeld();
      throw new StorageError(
        `cannot store the run in "${this.directory}": ${(error as Error).message}. The last checkpoint is intact: ` +
          'make room or restore access, then resume the run.',
        { cause: error },
      );
    }
  }
}
