import type { Platform } from './platform.js';

export const platform: Platform = {
  kernelAddon: () => ({ status: { available: false, reason: 'machine code needs Node.js' } }),
};
