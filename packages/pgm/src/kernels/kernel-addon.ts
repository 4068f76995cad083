import type { KernelExports } from './instance.js';

/** Instruction sets of the addon's kernels. */
export type AddonBuild = 'avx512' | 'avx2' | 'neon';

/** The kernels that the addon has; the others are WebAssembly's. */
export interface AddonKernels extends Pick<KernelExports, 'weigh'> {
  sweep(...given: [...Parameters<KernelExports['sweep']>, exactValue: (state: number) => number]): void;
}

/** The Node-API addon of addon/: kernels as machine code. */
export interface KernelAddon {
  /** The instruction sets that this processor runs, best first. */
  kernels(): AddonBuild[];
  /** Kernels on a WebAssembly memory, on `threads` threads. */
  attach(memory: WebAssembly.Memory, build: AddonBuild, threads: number): AddonKernels;
}
