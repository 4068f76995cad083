import { makeHmm } from './hmm.js';
import { type KernelCode, Workspace } from './instance.js';
import { makeKalmanFilter } from './kalman.js';
import type { Kernels } from './registry.js';
import { makeSweeps } from './sweep.js';

/** The least work for which a kernel is used: with less, plain JavaScript is done before the kernel has its numbers. */
export interface LeastWork {
  /** Of a process. */
  readonly transitions: number;
  /** Of an HMM: steps times states squared. */
  readonly hmm: number;
  /** Of a Kalman filter: steps times states cubed. */
  readonly kalman: number;
}

const LEAST_WORK: LeastWork = { transitions: 16_384, hmm: 100_000, kalman: 10_000 };

export function makeKernels(code: KernelCode, least: LeastWork = LEAST_WORK): Kernels {
  // Only sweeps have machine code.
  const workspace = new Workspace({ module: code.module });
  return {
    sweep: makeSweeps(code, least.transitions),
    ...makeHmm(workspace, least.hmm),
    kalmanFilter: makeKalmanFilter(workspace, least.kalman),
  };
}
