import type { Availability, FoundAddon } from '@maxent/core/node';
import type { KernelAddon } from '../kernels/kernel-addon.js';

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
  /** The value of an environment variable, where they exist. */
  environment(name: 'MAXENT_BACKEND' | 'MAXENT_KERNELS' | 'MAXENT_THREADS'): string | undefined;
  /** The address of TensorFlow.js's WebAssembly binary; undefined in a bundle that cannot know it. */
  wasmAddress(): string | undefined;
  /** Looks for the native backend without loading it. */
  findNative(): Availability;
  /** Loads the native backend, which registers itself as `tensorflow`; throws if it cannot be loaded. */
  loadNative(threads: number | undefined): { readonly version: string };
  /** The kernels as machine code, unless they are absent; `status` says why. */
  kernelAddon(): FoundAddon<KernelAddon>;
  /** The cores that this process may use. */
  cores(): number;
  /** How many threads the addon's kernels have if nobody says so. */
  defaultThreads(): number;
  calibrationCache(): CalibrationCache;
}
