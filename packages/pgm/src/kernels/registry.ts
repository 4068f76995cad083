import type { ControlProblem } from '../control/control-options.js';
import type { ForwardMessages } from '../hmm/forward-messages.js';
import type { MarkovChain } from '../hmm/model.js';
import type { LinearGaussianFilter } from '../lgssm/kalman-filter.js';
import type { LinearGaussianModel } from '../lgssm/model.js';

/** Does what `Backup.sweep` does; returns false, with nothing done, if NaN or Infinity could arise. */
export type Sweep = (next: Float64Array, out: Float64Array, endValue: number) => boolean;

/** Does steps of a recursion from time t on; returns the time of the first step that is not done. */
export type Steps = (t: number) => number;

/**
 * The inner loops for which there are kernels. Each function returns null for a problem that is too small, or of
 * another kind.
 */
export interface Kernels {
  sweep(problem: ControlProblem): Sweep | null;
  /** The steps of a forward pass, forward in time. */
  hmmForward(chain: MarkovChain, messages: ForwardMessages): Steps | null;
  /**
   * The steps of a backward pass, back in time down to `first`, into `smoothed`. Adds all pairwise marginals to
   * `counts`, if given.
   */
  hmmBackward(
    chain: MarkovChain,
    messages: ForwardMessages,
    smoothed: Float64Array,
    first: number,
    counts: Float64Array | undefined,
  ): Steps | null;
  kalmanFilter(model: LinearGaussianModel, length: number): LinearGaussianFilter | null;
}

/** What `loadKernels` has loaded: nothing until it is called, so that a page contains no kernel that it did not ask for. */
export const loaded: { kernels: Kernels | null } = { kernels: null };
