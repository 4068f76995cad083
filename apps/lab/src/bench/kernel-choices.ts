import { type BackendReport, describeAddon, selectBackend } from '@maxent/backend';
import type { Contender } from './interleave.js';

/** The kernels as machine code, or in WebAssembly. */
export type Kernels = 'addon' | 'wasm';

/** The kernels to measure with here, the best first. */
export function kernelsHere(): readonly [Kernels, ...Kernels[]] {
  return describeAddon().available ? ['addon', 'wasm'] : ['wasm'];
}

/** On one thread. */
export function useKernels(kernels: Kernels): Promise<BackendReport> {
  return selectBackend({ prefer: 'wasm', kernels, threads: 1 });
}

/** A contender that works with these kernels, while others in the same process work with theirs. */
export function onKernels(kernels: Kernels, contender: Contender): Contender {
  return {
    ...contender,
    warmUp: async () => {
      await useKernels(kernels);
      await contender.warmUp();
    },
    measure: async () => {
      await useKernels(kernels);
      return contender.measure();
    },
  };
}
