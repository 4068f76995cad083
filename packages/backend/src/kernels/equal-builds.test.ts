// The addon's kernels and those of relaxed SIMD, where the hardware fuses multiply-adds, give the same bits.
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { kernelBuilds, useBuild } from '../testing/kernel-builds.js';
import { kernelCalls, outputsOf } from '../testing/kernel-calls.js';
import { loadFusedKernels } from './fused-kernels.js';
import { isAddonBuild } from './kernel-builds.js';

/** The first value whose bits differ. Which bits NaN has, WebAssembly leaves open. */
function firstDifference(actual: readonly Float32Array[], expected: readonly Float32Array[]): unknown {
  for (const [array, values] of actual.entries()) {
    const index = values.findIndex((value, i) => !Object.is(value, expected[array]![i]!));
    if (index >= 0) return { array, index, actual: values[index], expected: expected[array]![index] };
  }
  return undefined;
}

afterEach(async () => void (await loadFusedKernels()));

describe.each(kernelBuilds.filter(isAddonBuild))('%s', { timeout: 120_000 }, (build) => {
  describe.each([1, 2])('on %i threads', (threads) => {
    test.for(Object.keys(kernelCalls))('%s equals relaxed SIMD', async (name, context) => {
      const reference = await useBuild('relaxed-simd', context);
      if (reference.rounding !== 'fused')
        context.skip('relaxed SIMD does not fuse multiply-adds on this hardware');
      await useBuild(build, context);
      const addon = await loadFusedKernels({ build, threads });
      fc.assert(
        fc.property(kernelCalls[name]!, (given) => {
          const difference = firstDifference(outputsOf(addon, given), outputsOf(reference, given));
          expect(difference).toBeUndefined();
        }),
        { seed: 1, numRuns: 60 },
      );
    });
  });
});
