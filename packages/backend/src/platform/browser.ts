import { BackendUnavailableError } from '@maxent/core';
import type { Platform } from './platform.js';

const absent = 'the native backend needs Node.js';

export const platform: Platform = {
  requestedBackend: () => undefined,

  locateWasm(setWasmPaths) {
    const simd = new URL('../kernels/generated/tfjs-backend-wasm-simd.wasm', import.meta.url).href;
    // tfjs insists on all three names; the other two builds are never asked for.
    setWasmPaths({
      'tfjs-backend-wasm.wasm': simd,
      'tfjs-backend-wasm-simd.wasm': simd,
      'tfjs-backend-wasm-threaded-simd.wasm': simd,
    });
  },

  findNative: () => ({ available: false, reason: absent }),

  loadNative() {
    throw new BackendUnavailableError(absent);
  },

  // There is nothing to choose from: nothing is ever measured.
  calibrationCache: () => ({ machine: {}, read: () => undefined, write: () => {} }),
};
