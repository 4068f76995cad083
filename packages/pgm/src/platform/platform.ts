import type { FoundAddon } from '@maxent/core/node';
import type { KernelAddon } from '../kernels/kernel-addon.js';

/** What differs between Node and the browser. Chosen through `#platform` in package.json's `imports`. */
export interface Platform {
  /** The kernels as machine code, unless they are absent; `status` says why. */
  kernelAddon(): FoundAddon<KernelAddon>;
}
