import type { RunConfig, RunStorage } from '@maxent/training';
import type { LoadPolicyOptions } from '../load-policy.js';

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

/** What differs between Node and a browser. */
export interface Platform {
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
