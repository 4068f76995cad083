import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assertResumable, DirectoryRunStorage, readRun } from '@maxent/training/node';
import type { Platform } from './platform.js';
import { readPolicyAt } from './read-policy.js';

export const platform: Platform = {
  environmentWorkers: {
    cores: availableParallelism(),
    resolve(name) {
      try {
        // A CommonJS bundle does not have it.
        return import.meta.resolve?.(name);
      } catch {
        return undefined;
      }
    },
    start: async (task) => (await import('@maxent/envs/node')).WorkerVectorEnvironment.create(task),
  },

  describeMachine: () => ({
    operatingSystem: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
  }),

  versions() {
    const commit = loadedCommit();
    return { ...(commit !== undefined && { commit }), node: process.versions.node };
  },

  readStoredConfig: async (directory) => (await readRun(directory)).config,

  readPolicy: readPolicyAt,

  async openDirectory(directory, config, before) {
    if (before !== undefined) assertResumable(before.complete, config);
    const storage =
      before === undefined
        ? await DirectoryRunStorage.create(directory, config)
        : await DirectoryRunStorage.resume(directory, { ...before.written, steps: config.steps });
    return { storage, close: () => storage.close() };
  },
};

let commit: { readonly found: string | undefined } | undefined;

/** Looked up once: the running code does not change when the checkout does. */
function loadedCommit(): string | undefined {
  commit ??= { found: sourceCommit() };
  return commit.found;
}

/**
 * The commit of the maxent checkout that this program runs from, with "-modified" appended if tracked files differ from
 * it. Undefined for an installed package, or without git.
 */
function sourceCommit(): string | undefined {
  // A bundle does not run from a checkout, and a CommonJS bundle does not even know its own URL.
  if (!import.meta.url) return undefined;
  const directory = dirname(fileURLToPath(import.meta.url));
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', directory, ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    // An installed package may lie in another repository, whose commit says nothing about maxent.
    if (JSON.parse(git('show', 'HEAD:packages/library/package.json')).name !== '@maxent/library')
      return undefined;
    const modified = git('status', '--porcelain', '--untracked-files=no') !== '';
    return `${git('rev-parse', 'HEAD')}${modified ? '-modified' : ''}`;
  } catch {
    return undefined;
  }
}
