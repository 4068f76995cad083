import { KERNEL_BYTES } from './kernel-bytes.js';

/** y = max(x W + b, least) over memory that a `Workspace` has laid out; `inputs` and `outputs` are as it pads them. */
export type DenseLoop = (
  x: Float32Array,
  w: Float32Array,
  b: Float32Array,
  y: Float32Array,
  inputs: number,
  outputs: number,
  least: number,
) => void;

export interface Kernel {
  /** Where its arguments must lie. */
  readonly buffer: ArrayBuffer;
  readonly dense: DenseLoop;
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
    if (compiled === undefined) {
      compiled = null;
      const bytes = Uint8Array.from(KERNEL_BYTES.match(/../g)!, (byte) => Number.parseInt(byte, 16));
      // Compiling so few bytes is allowed on a page's main thread, and keeps loading and acting synchronous.
      compiled = new WebAssembly.Module(bytes);
    }
    if (compiled === null) return null;
    const memory = new WebAssembly.Memory({ initial: Math.ceil(byteLength / PAGE) });
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    const dense = exports.dense as (...addressesAndSizes: number[]) => void;
    return {
      buffer: memory.buffer,
      dense: (x, w, b, y, inputs, outputs, least) =>
        dense(x.byteOffset, w.byteOffset, b.byteOffset, y.byteOffset, inputs, outputs, least),
    };
  } catch {
    return null;
  }
}
