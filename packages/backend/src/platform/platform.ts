/** Whether something can be used here, with the reason in one line. */
export interface Availability {
  readonly available: boolean;
  readonly reason: string;
}

/** What differs between Node and the browser. Chosen through `#platform` in package.json's `imports`. */
export interface Platform {
  /** The value of MAXENT_BACKEND, where there is an environment to read it from. */
  requestedBackend(): string | undefined;
  /** Tells tfjs-wasm where its binary lies. Called once, before the backend is first made. */
  locateWasm(setWasmPaths: (pathPrefixOrMap: string | Record<string, string>) => void): void;
  /** Looks for the native backend without loading it. */
  findNative(): Availability;
  /** Loads the native backend, which then registers itself as `tensorflow`; throws when it cannot. */
  loadNative(): { readonly version: string };
}
