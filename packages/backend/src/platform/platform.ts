/** Whether something can be used here, with the reason in one line. */
export interface Availability {
  readonly available: boolean;
  readonly reason: string;
}

/** Where measured times of both backends are kept between processes. */
export interface CalibrationCache {
  /** What the times depend on besides the work: versions, processor, cores. */
  readonly machine: Readonly<Record<string, string>>;
  /** The stored document's text, or undefined. */
  read(): string | undefined;
  /** Stores a text; does nothing where that is not allowed. */
  write(text: string): void;
}

/** What differs between Node and the browser. Chosen through `#platform` in package.json's `imports`. */
export interface Platform {
  /** The value of MAXENT_BACKEND, where there is an environment to read it from. */
  requestedBackend(): string | undefined;
  /** Where TensorFlow.js's WebAssembly binary lies, unless a bundle leaves no way to know. */
  wasmAddress(): string | undefined;
  /** Looks for the native backend without loading it. */
  findNative(): Availability;
  /** Loads the native backend, which then registers itself as `tensorflow`; throws when it cannot. */
  loadNative(threads: number | undefined): { readonly version: string };
  calibrationCache(): CalibrationCache;
}
