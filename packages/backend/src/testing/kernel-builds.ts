import type { TestContext } from 'vitest';
import { platform } from '#platform';
import { type FusedKernels, loadFusedKernels } from '../kernels/fused-kernels.js';
import { isAddonBuild, type KernelBuild, supportedBuilds } from '../kernels/kernel-builds.js';
import { selectBackend } from '../select-backend.js';
import { testBackends } from '../test-backends.js';

/** The builds of WebAssembly, and those of machine code for this kind of processor. */
export const kernelBuilds: readonly KernelBuild[] = [
  'simd128',
  'relaxed-simd',
  ...(process.arch === 'arm64' ? (['neon'] as const) : (['avx2', 'avx512'] as const)),
];

/**
 * Skips the test where a build does not run: the engine has no relaxed SIMD, the processor no AVX-512, or there is no addon.
 * Where MAXENT_REQUIRE_ADDON is set, as in `.ci/run`, the last is a failure: what could have been built must not be skipped.
 */
export function requireBuild(build: KernelBuild, context: TestContext): void {
  if (supportedBuilds().includes(build)) return;
  const { available, reason } = platform.kernelAddon().status;
  const problem = `the ${build} build of the kernels does not run here`;
  if (!isAddonBuild(build) || available) context.skip(problem);
  if (process.env.MAXENT_REQUIRE_ADDON && !reason.includes('processor'))
    throw new Error(`${problem}: ${reason}`);
  context.skip(`${problem}: ${reason}`);
}

/** Loads one build of the kernels on the wasm backend, or skips the test if the engine cannot run it. */
export async function useBuild(build: KernelBuild, context: TestContext): Promise<FusedKernels> {
  requireBuild(build, context);
  await selectBackend({ prefer: 'wasm' });
  return await loadFusedKernels({ build });
}

/** What is tested against the composed operations: the builds of the kernels, or the native compositions. */
export const implementations: readonly (KernelBuild | 'native')[] = testBackends.includes('native')
  ? ['native']
  : kernelBuilds;

/** Loads one of the implementations, or skips the test if the engine cannot run it. */
export async function useImplementation(
  implementation: KernelBuild | 'native',
  context: TestContext,
): Promise<void> {
  if (implementation === 'native') await selectBackend({ prefer: 'native' });
  else await useBuild(implementation, context);
}
