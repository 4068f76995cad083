import type { RunConfig, RunStorage } from '@maxent/training';
import type { LoadPolicyOptions } from '../load-policy.js';

/** Where a run is kept, for as long as it goes on. */
export interface OpenedStorage {
  readonly storage: RunStorage;
  /** Returns once everything is stored. */
  close(): Promise<void>;
}

/** The configuration of a run that goes on. */
export interface ResumedConfig {
  /** As `config.json` holds it. */
  readonly written: RunConfig;
  /** With what it may have left out; see `completeRunConfig`. */
  readonly complete: RunConfig;
}

/** The machine a number was measured on. */
export interface Machine {
  readonly operatingSystem: string;
  readonly processor: string;
  readonly cores: number;
  /** In a browser a rough figure. */
  readonly memoryGiB: number;
}

/** What differs between Node and a browser. */
export interface Platform {
  describeMachine(): Machine;
  /** Versions of the engine, and the commit where the code runs from a checkout. */
  versions(): Readonly<Record<string, string>>;
  /** The configuration of the run in a directory. */
  readStoredConfig(directory: string): Promise<RunConfig>;
  /** The bytes of the policy file or of the policy of a run at a path; undefined for a source that is not a path. */
  readPolicy(source: unknown, options: LoadPolicyOptions): Promise<Uint8Array | undefined>;
  /** Starts a run in a directory, or goes on with the one that is there. Throws InvalidInputError that names what differs. */
  openDirectory(
    directory: string,
    config: RunConfig,
    before: ResumedConfig | undefined,
  ): Promise<OpenedStorage>;
}
