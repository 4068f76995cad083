import { BackendUnavailableError } from '@maxent/core';
import type { Platform } from './platform.js';

const absent = 'the native backend needs Node.js';

export const platform: Platform = {
  requestedBackend: () => undefined,

  locateWasm(setWasmPaths) {
    // Written out three times because bundlers find assets by this exact form with a literal string.
    setWasmPaths({
      'tfjs-backend-wasm.wasm': new URL(
        '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm',
        import.meta.url,
      ).href,
      'tfjs-backend-wasm-simd.wasm': new URL(
        '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
        import.meta.url,
      ).href,
      'tfjs-backend-wasm-threaded-simd.wasm': new URL(
        '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
        import.meta.url,
      ).href,
    });
  },

  findNative: () => ({ available: false, reason: absent }),

  loadNative() {
    throw new BackendUnavailableError(absent);
  },
};
