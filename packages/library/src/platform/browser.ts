import { InvalidInputError, showValue } from '@maxent/core';
import type { Platform } from './platform.js';

export const platform: Platform = {
  describeMachine: () => ({
    operatingSystem: 'unknown',
    processor: 'unknown',
    cores: navigator.hardwareConcurrency,
    // Only Chromium reports it, in powers of two up to 8.
    memoryGiB: (navigator as { readonly deviceMemory?: number }).deviceMemory ?? 0,
  }),

  versions: () => ({ browser: navigator.userAgent }),

  readStoredConfig: (directory) => Promise.reject(noDirectory(directory)),

  readPolicy: async () => undefined,

  openDirectory: (directory) => Promise.reject(noDirectory(directory)),
};

function noDirectory(directory: string): InvalidInputError {
  return new InvalidInputError(
    'out',
    `a browser has no directories, got ${showValue(directory)}; pass a RunStorage, such as a MemoryRunStorage of @maxent/training`,
  );
}
