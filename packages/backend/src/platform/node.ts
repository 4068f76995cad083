import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Availability, Platform } from './platform.js';

const require = createRequire(import.meta.url);

/**
 * tfjs-node 4.22 calls `util.isNullOrUndefined` and `util.isArray`, which Node 23 removed. It reads them from the
 * CommonJS `util` object at call time, so putting them back there before it runs is enough.
 */
function restoreRemovedUtilities(): void {
  const util = require('node:util') as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}

function findNative(): Availability {
  let directory: string;
  try {
    directory = dirname(require.resolve('@tensorflow/tfjs-node/package.json'));
  } catch {
    return { available: false, reason: '@tensorflow/tfjs-node is not installed' };
  }
  const libraries = join(directory, 'lib');
  const built =
    existsSync(libraries) &&
    readdirSync(libraries).some((name) => existsSync(join(libraries, name, 'tfjs_binding.node')));
  return built
    ? { available: true, reason: '@tensorflow/tfjs-node is installed with its binding' }
    : {
        available: false,
        reason:
          '@tensorflow/tfjs-node is installed without its native binding (its install script has not run)',
      };
}

export const platform: Platform = {
  requestedBackend: () => process.env.MAXENT_BACKEND,

  locateWasm(setWasmPaths) {
    const binary = require.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm');
    setWasmPaths(`${dirname(binary)}/`);
  },

  findNative,

  loadNative() {
    restoreRemovedUtilities();
    const native = require('@tensorflow/tfjs-node') as { version: Record<string, string> };
    return { version: native.version['tfjs-node'] ?? 'unknown' };
  },
};
