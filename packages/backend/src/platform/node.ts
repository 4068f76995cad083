import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { calibrationCache } from './calibration-cache.js';
import { defaultThreads, loadKernelAddon } from './kernel-addon.js';
import { describeProblem } from './native/diagnosis.js';
import { findNativeProblem, loadNative, nativeFingerprint } from './native/load-native.js';
import type { Platform } from './platform.js';
import { resolvePackage, thisFile } from './resolve-package.js';

export const platform: Platform = {
  environment: (name) => process.env[name],

  wasmAddress() {
    const { href } = new URL('../kernels/generated/tfjs-backend-wasm-simd.wasm', thisFile);
    if (existsSync(new URL(href))) return href;
    // A bundle moves this code. Often the package is still installed; otherwise its file should lie next to the bundle.
    return (
      resolvePackage('@maxent/backend/tfjs-backend-wasm-simd.wasm') ??
      fileURLToPath(new URL('tfjs-backend-wasm-simd.wasm', thisFile))
    );
  },

  findNative() {
    const problem = findNativeProblem();
    return problem === undefined
      ? { available: true, reason: '@tensorflow/tfjs-node is installed with its addon and library' }
      : { available: false, reason: describeProblem(problem) };
  },

  loadNative,

  kernelAddon: loadKernelAddon,

  cores: availableParallelism,

  defaultThreads,

  calibrationCache: () => calibrationCache(nativeFingerprint()),
};
