import { KERNEL_BYTES } from './kernel-bytes.js';

/** Arguments are addresses in the policy's memory, then counts: assembly/dense.ts has the formula. */
export type DenseKernel = (
  x: number,
  w: number,
  b: number,
  y: number,
  inputs: number,
  outputs: number,
  activation: number,
) => void;

export interface Kernel {
  readonly memory: WebAssembly.Memory;
  readonly dense: DenseKernel;
}

const PAGE = 65_536;

/** Undefined before the first use; null where this runtime does not compile it. */
let compiled: WebAssembly.Module | null | undefined;

/**
 * The SIMD kernel with a memory of so many bytes. Null where a page's Content-Security-Policy forbids compiling, where
 * there is no WebAssembly or SIMD, or no such memory: the plain loop does the same.
 */
export function makeKernel(byteLength: number): Kernel | null {
  try {
    // Compiling so few bytes is allowed on a page's main thread, and keeps loading and acting synchronous.
    compiled ??=
      compiled === null
        ? null
        : new WebAssembly.Module(Uint8Array.from(atob(KERNEL_BYTES), (c) => c.charCodeAt(0)));
  } catch {
    compiled = null;
  }
  if (compiled === null) return null;
  try {
    const memory = new WebAssembly.Memory({ initial: Math.max(1, Math.ceil(byteLength / PAGE)) });
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    return { memory, dense: exports.dense as DenseKernel };
  } catch {
    return null;
  }
}
