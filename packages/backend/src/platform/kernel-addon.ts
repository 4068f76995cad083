import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import type { KernelAddon } from '../kernels/kernel-addon.js';
import type { Availability } from './platform.js';
import { require, resolvePackage, thisFile } from './resolve-package.js';

/** More threads than this wait for each other longer than they work, at the sizes of this field. */
const MOST_THREADS = 8;

/** Of the addon, for this system. On Linux one file serves glibc and musl. */
const fileName = `${process.platform}-${process.arch}.node`;

/** From the directory of this file, in src and dist alike, and, for bundles, from the installed package. */
function addonFile(): string | undefined {
  const manifest = resolvePackage('@maxent/backend/package.json');
  const packages = [
    fileURLToPath(new URL('../..', thisFile)),
    ...(manifest === undefined ? [] : [dirname(manifest)]),
  ];
  return packages.map((directory) => join(directory, 'prebuilds', fileName)).find((file) => existsSync(file));
}

let found: { readonly addon?: KernelAddon; readonly status: Availability } | undefined;

function find(): NonNullable<typeof found> {
  const absent = (reason: string) => ({ status: { available: false, reason } });
  const file = addonFile();
  if (file === undefined) return absent(`there is no prebuilt addon for ${process.platform}-${process.arch}`);
  let addon: KernelAddon;
  try {
    addon = require(file) as KernelAddon;
  } catch (error) {
    return absent(`${file} cannot be loaded: ${(error as Error).message.split('\n', 1)[0]}`);
  }
  const [best] = addon.kernels();
  if (best === undefined) return absent('this processor has no AVX2 with fused multiply-add');
  return { addon, status: { available: true, reason: `machine code for ${best}` } };
}

/** Loads the addon the first time. Its absence is nothing to complain about. */
export function loadKernelAddon(): { readonly addon?: KernelAddon; readonly status: Availability } {
  found ??= find();
  return found;
}

/** The cores that this process may use; one in a worker thread, which is seldom alone. */
export function defaultThreads(): number {
  return isMainThread ? Math.min(availableParallelism(), MOST_THREADS) : 1;
}
