import { requireObject } from '@maxent/core';
import { bytesOfHexadecimal, compileWasm, type WasmSource } from '@maxent/core/wasm';
import { KERNEL_BYTES } from './kernel-bytes.js';
import { makeKernels } from './make-kernels.js';
import { loaded } from './registry.js';

export interface LoadKernelsOptions {
  /**
   * Where the kernels come from, for runtimes that forbid compiling from bytes: `@maxent/pgm/kernels.wasm` as a compiled
   * `WebAssembly.Module`. By default they come from inside this package.
   */
  readonly wasm?: WasmSource;
}

/**
 * Compiles the kernels: the inner loops of value iteration, of forward-backward and of the Kalman filter in WebAssembly,
 * two numbers at a time. From then on the functions of `@maxent/pgm` use them for problems that are large enough, and
 * return the same numbers to the last bit; `exact` sweeps differ by rounding. Calling it again changes nothing.
 *
 * Throws WasmLoadError if this page or runtime forbids WebAssembly or has no SIMD, with cause and remedy; everything then
 * works as before, in plain JavaScript.
 */
export async function loadKernels(options: LoadKernelsOptions = {}): Promise<void> {
  requireObject('options', options, '{ wasm }');
  if (loaded.kernels !== null) return;
  const module = await compileWasm(options.wasm ?? bytesOfHexadecimal(KERNEL_BYTES), {
    name: 'kernels.wasm of @maxent/pgm',
    option: 'wasm',
  });
  loaded.kernels = makeKernels(module);
}
