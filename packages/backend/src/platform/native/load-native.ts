import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { BackendUnavailableError, InvalidStateError } from '@maxent/core';
import { require, resolvePackage } from '../resolve-package.js';
import {
  describeProblem,
  diagnoseNative,
  explainLoadError,
  type NativeProblem,
  nativeAddon,
  nativePackage,
} from './diagnosis.js';

/** The settings that TensorFlow reads when it is loaded: threads within one operation, and for several at a time. */
const threadVariables = ['TF_NUM_INTRAOP_THREADS', 'TF_NUM_INTEROP_THREADS'] as const;

/** What keeps the native backend from being used here, or undefined. Loads nothing. */
export function findNativeProblem(): NativeProblem | undefined {
  return diagnoseNative(nativeDirectory(), {
    platform: process.platform,
    architecture: process.arch,
    glibc: process.platform !== 'linux' || hasGlibc(),
    mainThread: isMainThread,
  });
}

/** Changes when the addon is built or downloaded anew. */
export function nativeFingerprint(): string {
  const directory = nativeDirectory();
  const addon = directory === undefined ? undefined : nativeAddon(directory);
  if (addon === undefined) return 'absent';
  const { size, mtimeMs } = statSync(addon);
  return `${size}-${Math.round(mtimeMs)}`;
}

let loadedThreads: number | undefined;
let loadedVersion: string | undefined;

/**
 * Loads tfjs-node, which registers itself as `tensorflow`, and returns its version.
 *
 * @throws BackendUnavailableError with the diagnosis if it cannot be loaded.
 * @throws InvalidStateError if it is loaded already with another number of threads.
 */
export function loadNative(threads: number | undefined): { readonly version: string } {
  if (loadedVersion !== undefined) {
    if (threads !== undefined && threads !== loadedThreads) {
      throw new InvalidStateError(
        `TensorFlow was loaded with ${loadedThreads ?? 'its own choice of'} threads and cannot change to ${threads}; use a new process`,
      );
    }
    return { version: loadedVersion };
  }
  const problem = findNativeProblem();
  if (problem !== undefined) throw new BackendUnavailableError(describeProblem(problem));
  const directory = nativeDirectory()!;
  restoreRemovedUtilities();
  setBeforeLoading(threads);
  try {
    // The addon first, and alone: tfjs-node registers its kernels before it finds that it cannot work.
    require(nativeAddon(directory)!);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new BackendUnavailableError(describeProblem(explainLoadError(message, directory)), {
      cause: error,
    });
  }
  const native = withoutNotices(() => require(nativePackage)) as { version: Record<string, string> };
  loadedThreads = threads;
  loadedVersion = native.version['tfjs-node'] ?? 'unknown';
  return { version: loadedVersion };
}

function nativeDirectory(): string | undefined {
  const manifest = resolvePackage(`${nativePackage}/package.json`);
  return manifest === undefined ? undefined : dirname(manifest);
}

/** Node names the glibc it runs on in its diagnostic report; there is none on musl. */
function hasGlibc(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime !== undefined;
}

/**
 * tfjs-node 4.22 calls `util.isNullOrUndefined` and `util.isArray`, which Node 23 removed. It reads them from the
 * CommonJS `util` object at call time, so putting them back there before it runs is enough.
 */
function restoreRemovedUtilities(): void {
  const util = require('node:util') as Record<string, unknown>;
  // Replaced where they exist, too: Node 22 warns at every first use.
  util.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  util.isArray = Array.isArray;
}

function setBeforeLoading(threads: number | undefined): void {
  if (threads !== undefined) for (const name of threadVariables) process.env[name] = String(threads);
  // Its informational lines (which vector instructions it found) go to stderr otherwise.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '1';
}

/** tfjs-node brings all of tfjs along, which warns of kernels that are registered already. They are the same. */
function withoutNotices<T>(load: () => T): T {
  const { warn } = console;
  console.warn = () => {};
  try {
    return load();
  } finally {
    console.warn = warn;
  }
}
