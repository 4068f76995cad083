import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { calibrationCache } from './calibration-cache.js';
import { describeProblem } from './native/diagnosis.js';
import { findNativeProblem, loadNative, nativeFingerprint } from './native/load-native.js';
import type { Platform } from './platform.js';

const require = createRequire(import.meta.url);

export const platform: Platform = {
  requestedBackend: () => process.env.MAXENT_BACKEND,

  locateWasm(setWasmPaths) {
    const binary = require.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm');
    setWasmPaths(`${dirname(binary)}/`);
  },

  findNative() {
    const problem = findNativeProblem();
    return problem === undefined
      ? { available: true, reason: '@tensorflow/tfjs-node is installed with its addon and library' }
      : { available: false, reason: describeProblem(problem) };
  },

  loadNative,

  calibrationCache: () => calibrationCache(nativeFingerprint()),
};
