import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CalibrationCache } from './platform.js';
import { require, resolvePackage } from './resolve-package.js';

function versionOf(name: string): string {
  const manifest = resolvePackage(`${name}/package.json`);
  return manifest === undefined ? 'bundled' : (require(manifest) as { version: string }).version;
}

/** A file in the user's cache directory; MAXENT_CACHE_DIR puts it elsewhere. */
export function calibrationCache(nativeFingerprint: string): CalibrationCache {
  const file = join(cacheDirectory(), 'calibration.json');
  return {
    machine: {
      processor: cpus()[0]?.model.trim() ?? 'unknown',
      cores: String(availableParallelism()),
      node: process.versions.node,
      backend: versionOf('@maxent/backend'),
      'tfjs-core': versionOf('@tensorflow/tfjs-core'),
      native: nativeFingerprint,
    },
    read() {
      try {
        return readFileSync(file, 'utf8');
      } catch {
        return undefined;
      }
    },
    write(text) {
      try {
        mkdirSync(dirname(file), { recursive: true });
        const temporary = `${file}.${randomUUID()}`;
        writeFileSync(temporary, text, { flag: 'wx' });
        renameSync(temporary, file);
      } catch {
        // Without the cache, each process spends a second on measuring; the run must not fail for that.
      }
    },
  };
}

function cacheDirectory(): string {
  const { MAXENT_CACHE_DIR, XDG_CACHE_HOME } = process.env;
  return MAXENT_CACHE_DIR || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'maxent');
}
