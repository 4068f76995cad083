/** What each side solves; a worker process of ours is given one of them. */
export type ProblemName = 'hmm' | 'kalman' | 'grid' | 'horizon' | 'memory';

/**
 * What our inner loops run on: the kernels of `@maxent/pgm/kernels`, the addon's where it has them; those in WebAssembly
 * alone; or plain JavaScript.
 */
export type InnerLoops = 'kernels' | 'wasm' | 'plain';

/** One line on the standard input of a worker of `bench pgm`, ours (`pgm-worker.ts`) or theirs (`pgm_worker.py`). */
export type PgmRequest =
  | { readonly command: 'describe' }
  /** Ours: makes the problem of this size (time steps, cells along a side of the grid, numbers in an array). */
  | { readonly command: 'make'; readonly size: number }
  /** Ours writes the problem's arrays to the directory, theirs reads them. */
  | { readonly command: 'exchange'; readonly directory: string }
  /** Does `count` pieces of work: a pass over all observations, a sweep, or a copy of a large array. */
  | { readonly command: 'work'; readonly work: string; readonly count: number }
  /** Writes what the work computes to a file of float64 numbers. */
  | { readonly command: 'answer'; readonly work: string; readonly path: string }
  | { readonly command: 'memory' };

export interface PgmDescription {
  readonly versions: Readonly<Record<string, string>>;
}

/** Reply to `work`. */
export interface WorkDone {
  readonly seconds: number;
}

/** Reply to `memory`: the largest that the process has been. */
export interface PeakMemory {
  readonly peakBytes: number;
}

/** Reply to `make`: what the problem holds, such as its number of transitions. */
export type ProblemSize = Readonly<Record<string, number>>;

/** Arrays are exchanged as files of raw little-endian numbers, `NAME.f64` or `NAME.u32`. */
export type ProblemArrays = Readonly<Record<string, Float64Array | Uint32Array>>;
