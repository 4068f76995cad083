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

/** The variables that TensorFlow reads when it is loaded: threads within one operation, and operations at a time. */
const threadVariables = ['TF_NUM_INTRAOP_THREADS', 'TF_NUM_INTEROP_THREADS'] as const;

/** Why the native backend cannot be used here, or undefined if it can. Loads nothing. */
export function findNativeProblem(): NativeProblem | undefined {
  return diagnoseNative(nativeDirectory(), {
    platform: process.platform,
    architecture: process.arch,
    glibc: process.platform !== 'linux' || hasGlibc(),
    mainThread: isMainThread,
  });
}

/** Changes when the addon is built or downloaded again. */
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
        `TensorFlow was loaded with ${loadedThreads ?? 'its own choice of'} threads and cannot change to ${threads}; start a new process`,
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
    // Load the addon alone first: tfjs-node registers its kernels before it finds out that it cannot work.
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

/** Node's diagnostic report names the glibc it runs on; on musl there is no such entry. */
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
  // They are replaced even where they exist: Node 22 warns at the first use of each.
  util.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  util.isArray = Array.isArray;
}

function setBeforeLoading(threads: number | undefined): void {
  if (threads !== undefined) for (const name of threadVariables) process.env[name] = String(threads);
  // Otherwise TensorFlow prints information to stderr, such as which vector instructions it found.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '1';
}

/** tfjs-node loads all of tfjs, which warns that some kernels are already registered. They are the same kernels. */
function withoutNotices<T>(load: () => T): T {
  const { warn } = console;
  console.warn = () => {};
  try {
    return load();
  } finally {
    console.warn = warn;
  }
}
