import type { KernelCode } from '../instance.js';
import { makeKernels } from '../make-kernels.js';
import { type Kernels, loaded } from '../registry.js';
import { codeOf } from './kernel-builds.js';

/** How often each kernel was used since it was made. */
export type Uses = Record<keyof Kernels, number>;

/** Loads kernels, WebAssembly's unless others are given, that are used for problems of any size. */
export function loadKernelsForAll(code: KernelCode = codeOf('simd128')): Uses {
  const kernels = makeKernels(code, { transitions: 0, hmm: 0, kalman: 0 });
  const uses: Uses = { sweep: 0, hmmForward: 0, hmmBackward: 0, kalmanFilter: 0 };
  const counted = <Given extends readonly unknown[], Made>(
    name: keyof Kernels,
    make: (...given: Given) => Made | null,
  ) => {
    return (...given: Given): Made | null => {
      const made = make(...given);
      if (made !== null) uses[name]++;
      return made;
    };
  };
  loaded.kernels = {
    sweep: counted('sweep', kernels.sweep),
    hmmForward: counted('hmmForward', kernels.hmmForward),
    hmmBackward: counted('hmmBackward', kernels.hmmBackward),
    kalmanFilter: counted('kalmanFilter', kernels.kalmanFilter),
  };
  return uses;
}

/** The result in plain JavaScript. */
export function plainly<Result>(compute: () => Result): Result {
  const { kernels } = loaded;
  loaded.kernels = null;
  try {
    return compute();
  } finally {
    loaded.kernels = kernels;
  }
}
