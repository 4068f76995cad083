import { BackendUnavailableError, InvalidInputError, requireObject, showValue } from '@maxent/core';
import { bytesOfHexadecimal, compileWasm, type WasmSource } from '@maxent/core/wasm';
import { platform } from '#platform';
import type { KernelCode } from './instance.js';
import type { AddonBuild } from './kernel-addon.js';
import { KERNEL_BYTES } from './kernel-bytes.js';
import { makeKernels } from './make-kernels.js';
import { loaded } from './registry.js';

export interface LoadKernelsOptions {
  /** `addon` is machine code, in Node; `auto`, the default, takes it where it is there. */
  readonly kernels?: 'auto' | 'addon' | 'wasm';
  /**
   * Where the kernels come from, for runtimes that forbid compiling from bytes: `@maxent/pgm/kernels.wasm` as a compiled
   * `WebAssembly.Module`. By default they come from inside this package.
   */
  readonly wasm?: WasmSource;
}

/** Which kernels are loaded, in the words of a backend's report. */
export interface LoadedKernels {
  /** `addon` is machine code for what it has, sweeps of value iteration, and WebAssembly for the rest. */
  readonly kernels: 'addon' | 'wasm';
  /** The vector instructions that they use. */
  readonly simd: AddonBuild | 'simd128';
}

/** What `loadKernels` has loaded. */
let report: LoadedKernels;

/**
 * Loads the kernels: the inner loops of value iteration, of forward-backward and of the Kalman filter in WebAssembly, two
 * numbers at a time, and in Node those of value iteration as machine code, up to eight at a time. From then on the
 * functions of `@maxent/pgm` use them for problems that are large enough, and return the same numbers to the last bit;
 * `exact` sweeps differ by rounding. Calling it again changes nothing.
 *
 * Throws WasmLoadError if this page or runtime forbids WebAssembly or has no SIMD, with cause and remedy; everything then
 * works as before, in plain JavaScript. Throws BackendUnavailableError if the addon is asked for and absent.
 */
export async function loadKernels(options: LoadKernelsOptions = {}): Promise<LoadedKernels> {
  requireObject('options', options, '{ kernels, wasm }');
  const { kernels: choice = 'auto', wasm } = options;
  if (!['auto', 'addon', 'wasm'].includes(choice)) {
    throw new InvalidInputError('kernels', `expected "auto", "addon" or "wasm", got ${showValue(choice)}`);
  }
  if (loaded.kernels !== null) return report;
  const { attach, build } = choice === 'wasm' ? {} : findAddon(choice);
  const module = await compileWasm(wasm ?? bytesOfHexadecimal(KERNEL_BYTES), {
    name: 'kernels.wasm of @maxent/pgm',
    option: 'wasm',
  });
  // Another call may have been faster.
  if (loaded.kernels === null) {
    loaded.kernels = makeKernels({ module, attach });
    report = build === undefined ? { kernels: 'wasm', simd: 'simd128' } : { kernels: 'addon', simd: build };
  }
  return report;
}

function findAddon(choice: 'auto' | 'addon'): Pick<KernelCode, 'attach'> & { readonly build?: AddonBuild } {
  const { addon, status } = platform.kernelAddon();
  if (addon !== undefined) {
    const build = addon.kernels()[0]!;
    return { build, attach: (memory) => addon.attach(memory, build, 1) };
  }
  if (choice === 'auto') return {};
  throw new BackendUnavailableError(
    `the addon's kernels were asked for and cannot be used: ${status.reason}; with kernels "auto" or "wasm" it is not needed`,
  );
}
