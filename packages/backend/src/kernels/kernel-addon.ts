import type { KernelExports } from './kernel-exports.js';

/** Instruction sets of the addon's kernels. */
export type AddonBuild = 'avx512' | 'avx2' | 'neon';

/** Those that compute little, or copy: left to WebAssembly, whose calls cost less. */
type SmallKernel =
  | 'copyBlock'
  | 'fillNormal'
  | 'foldNormalization'
  | 'fillUniform'
  | 'importanceSoftValue'
  | 'mixtureProposals'
  | 'mixtureProposalsScratch'
  | 'smallestValueGradient'
  | 'softBellmanTarget'
  | 'softPolicyLoss'
  | 'softPolicyLossGradient'
  | 'squash'
  | 'squashGradient'
  | 'squaredError'
  | 'squaredErrorGradient'
  | 'steinDirections'
  | 'steinDirectionsScratch';

/** The kernels that the addon has. */
export type AddonKernels = Omit<KernelExports, SmallKernel>;

/** The Node-API addon of addon/: the kernels as machine code. */
export interface KernelAddon {
  /** The instruction sets that this processor runs, best first. */
  kernels(): AddonBuild[];
  /** Kernels on a WebAssembly memory, on `threads` threads, the caller's among them. */
  attach(memory: WebAssembly.Memory, build: AddonBuild, threads: number): AddonKernels;
  /** Does rounds of multiply-adds in registers, for a measurement of the peak; returns how many those were. */
  multiplyAdds(build: AddonBuild, rounds: number): number;
}
