import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { loadAddon } from '@maxent/core/node';
import type { KernelAddon } from '../kernels/kernel-addon.js';
import { calibrationCache } from './calibration-cache.js';
import { describeProblem } from './native/diagnosis.js';
import { findNativeProblem, loadNative, nativeFingerprint } from './native/load-native.js';
import type { Platform } from './platform.js';
import { resolvePackage, thisFile } from './resolve-package.js';

/** More threads than this wait for each other longer than they work, at the sizes of this field. */
const MOST_THREADS = 8;

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

  kernelAddon: () => loadAddon<KernelAddon>('backend', thisFile),

  cores: availableParallelism,

  // A worker thread is seldom alone.
  defaultThreads: () => (isMainThread ? Math.min(availableParallelism(), MOST_THREADS) : 1),

  calibrationCache: () => calibrationCache(nativeFingerprint()),
};
