import { bytesOfHexadecimal } from '@maxent/core/wasm';
import { KERNEL_BYTES } from './kernel-bytes.js';

/** y = max(x W + b, least) over memory laid out by a `Workspace`; `inputs` and `outputs` are padded as it pads them. */
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
  /** The memory in which its arguments must lie. */
  readonly buffer: ArrayBuffer;
  readonly dense: DenseLoop;
}

const PAGE = 65_536;

/** Undefined before the first use; null if this runtime cannot compile it. */
let compiled: WebAssembly.Module | null | undefined;

/**
 * The SIMD kernel with a memory of `byteLength` bytes. Null if a page's Content-Security-Policy forbids compiling, if
 * there is no WebAssembly or SIMD, or if the memory cannot be allocated; the plain loop computes the same.
 */
export function makeKernel(byteLength: number): Kernel | null {
  try {
    if (compiled === undefined) {
      compiled = null;
      // Pages may compile so few bytes synchronously on the main thread, so loading and acting stay synchronous.
      compiled = new WebAssembly.Module(bytesOfHexadecimal(KERNEL_BYTES));
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
