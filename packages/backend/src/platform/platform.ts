/** Whether something can be used here, and why, in one line. */
export interface Availability {
  readonly available: boolean;
  readonly reason: string;
}

/** Keeps the measured times of both backends between processes. */
export interface CalibrationCache {
  /** What the times depend on apart from the work: versions, processor, cores. */
  readonly machine: Readonly<Record<string, string>>;
  /** The stored document's text, or undefined. */
  read(): string | undefined;
  /** Stores a text; does nothing where writing is not allowed. */
  write(text: string): void;
}

/** What differs between Node and the browser. Chosen through `#platform` in package.json's `imports`. */
export interface Platform {
  /** The value of MAXENT_BACKEND, where environment variables exist. */
  requestedBackend(): string | undefined;
  /** The address of TensorFlow.js's WebAssembly binary; undefined in a bundle that cannot know it. */
  wasmAddress(): string | undefined;
  /** Looks for the native backend without loading it. */
  findNative(): Availability;
  /** Loads the native backend, which registers itself as `tensorflow`; throws if it cannot be loaded. */
  loadNative(threads: number | undefined): { readonly version: string };
  calibrationCache(): CalibrationCache;
}
