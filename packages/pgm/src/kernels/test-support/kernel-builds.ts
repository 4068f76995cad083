import { bytesOfHexadecimal } from '@maxent/core/wasm';
import type { TestContext } from 'vitest';
import { platform } from '#platform';
import type { KernelCode } from '../instance.js';
import type { AddonBuild } from '../kernel-addon.js';
import { KERNEL_BYTES } from '../kernel-bytes.js';

/** The builds of machine code for this kind of processor. */
export const addonBuilds: readonly AddonBuild[] = process.arch === 'arm64' ? ['neon'] : ['avx2', 'avx512'];

/** WebAssembly's build and those of the addon that run here. */
export function runningBuilds(): readonly (AddonBuild | 'simd128')[] {
  return ['simd128', ...(platform.kernelAddon().addon?.kernels() ?? [])];
}

/**
 * Skips the test where a build of the addon does not run: the processor has no AVX-512, or there is no addon. Where
 * MAXENT_REQUIRE_ADDON is set, as in `.ci/run`, the last is a failure: what could have been built must not be skipped.
 */
export function requireBuild(build: AddonBuild, context: TestContext): void {
  const { addon, status } = platform.kernelAddon();
  if (addon?.kernels().includes(build)) return;
  const problem = `machine code for ${build} does not run here: ${status.reason}`;
  if (process.env.MAXENT_REQUIRE_ADDON && addon === undefined && !status.reason.includes('processor')) {
    throw new Error(problem);
  }
  context.skip(problem);
}

/** The kernels of WebAssembly, or with those of a build of the addon. */
export function codeOf(build: AddonBuild | 'simd128'): KernelCode {
  const module = new WebAssembly.Module(bytesOfHexadecimal(KERNEL_BYTES));
  if (build === 'simd128') return { module };
  const { addon } = platform.kernelAddon();
  return { module, attach: (memory) => addon!.attach(memory, build, 1) };
}
