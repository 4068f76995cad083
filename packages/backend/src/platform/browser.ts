import { BackendUnavailableError } from '@maxent/core';
import type { Platform } from './platform.js';

const absent = 'the native backend needs Node.js';

export const platform: Platform = {
  environment: () => undefined,

  wasmAddress() {
    try {
      return new URL('../kernels/generated/tfjs-backend-wasm-simd.wasm', import.meta.url).href;
    } catch {
      // A bundle that is not an ES module does not know its own address.
      return undefined;
    }
  },

  findNative: () => ({ available: false, reason: absent }),

  loadNative() {
    throw new BackendUnavailableError(absent);
  },

  kernelAddon: () => ({ status: { available: false, reason: 'machine code needs Node.js' } }),

  cores: () => 1,

  defaultThreads: () => 1,

  // A browser has no native backend to compare with, so nothing is ever measured.
  calibrationCache: () => ({ machine: {}, read: () => undefined, write: () => {} }),
};
