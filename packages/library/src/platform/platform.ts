import type { VectorEnvironment } from '@maxent/core';
import type { RunConfig, RunStorage } from '@maxent/training';
import type { LoadPolicyOptions } from '../load-policy.js';
import type { RunWatch } from '../run-watch.js';

/** Where a run is kept while it is in progress. */
export interface OpenedStorage {
  readonly storage: RunStorage;
  /** Returns once everything is stored. */
  close(): Promise<void>;
}

/** The configuration of a run that is resumed. */
export interface ResumedConfig {
  /** The content of `config.json`. */
  readonly written: RunConfig;
  /** The same with defaults filled in; see `completeRunConfig`. */
  readonly complete: RunConfig;
}

/** The machine on which a number was measured. */
export interface Machine {
  readonly operatingSystem: string;
  readonly processor: string;
  readonly cores: number;
  /** A rough figure in a browser. */
  readonly memoryGiB: number;
}

/** Environments to step in several threads; see `WorkerVectorEnvironment` of `@maxent/envs/node`. */
export interface EnvironmentTask {
  readonly module: string;
  readonly id: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly count: number;
  readonly workers: number;
  readonly guard: RunWatch;
}

/** Worker threads that step environments. */
export interface EnvironmentWorkers {
  /** The cores that this process may use. */
  readonly cores: number;
  /** The URL of a package; undefined if it cannot be found. */
  resolve(name: string): string | undefined;
  start(task: EnvironmentTask): Promise<VectorEnvironment>;
}

/** What differs between Node and a browser. */
export interface Platform {
  /** Absent in a browser. */
  readonly environmentWorkers?: EnvironmentWorkers;
  describeMachine(): Machine;
  /** Versions of the engine, and the commit if the code runs from a checkout. */
  versions(): Readonly<Record<string, string>>;
  /** The configuration of the run in a directory. */
  readStoredConfig(directory: string): Promise<RunConfig>;
  /** The bytes of the policy file or of the policy of a run at a path; undefined for a source that is not a path. */
  readPolicy(source: unknown, options: LoadPolicyOptions): Promise<Uint8Array | undefined>;
  /**
   * Starts a run in a directory, or resumes the one that is there. Throws InvalidInputError, which names what differs.
   */
  openDirectory(
    directory: string,
    config: RunConfig,
    before: ResumedConfig | undefined,
  ): Promise<OpenedStorage>;
}
