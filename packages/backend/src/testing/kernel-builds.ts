import type { TestContext } from 'vitest';
import {
  type FusedKernels,
  type KernelBuild,
  loadFusedKernels,
  supportedBuilds,
} from '../kernels/fused-kernels.js';
import { selectBackend } from '../select-backend.js';

export const kernelBuilds: readonly KernelBuild[] = ['simd128', 'relaxed-simd'];

/** Puts one build of the kernels to use on the wasm backend, or skips the test where the engine cannot run it. */
export async function useBuild(build: KernelBuild, context: TestContext): Promise<FusedKernels> {
  if (!supportedBuilds().includes(build))
    context.skip(`this JavaScript engine does not run the ${build} build`);
  await selectBackend({ prefer: 'wasm' });
  return await loadFusedKernels(build);
}
