import { loadAddon, urlOfFile } from '@maxent/core/node';
import type { KernelAddon } from '../kernels/kernel-addon.js';
import type { Platform } from './platform.js';

export const platform: Platform = {
  kernelAddon: () => loadAddon<KernelAddon>('pgm', urlOfFile(import.meta.url)),
};
