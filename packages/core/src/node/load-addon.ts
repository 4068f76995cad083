import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resolveFrom } from './url-of-file.js';

/** Whether something can be used here, and why, in one line. */
export interface Availability {
  readonly available: boolean;
  readonly reason: string;
}

/** What every addon of ours has: the kernels of a package as machine code. */
export interface Addon {
  /** The instruction sets that this processor runs, best first. */
  kernels(): string[];
}

/** An addon, unless it is absent; `status` says why. */
export interface FoundAddon<Loaded extends Addon> {
  readonly addon?: Loaded;
  readonly status: Availability;
}

/** By the file that asks. */
const found = new Map<string, FoundAddon<Addon>>();

/**
 * Loads the addon of one of our packages, the first time: `prebuilds/pgm-linux-x64.node` of `@maxent/pgm`, for which
 * `name` is `pgm`. On Linux one file serves glibc and musl. `url` is that of the file that asks, as `urlOfFile` gives it: two
 * directories below its package, in src and dist alike. Code in a bundle uses the addon of the installed package. The
 * absence of an addon is nothing to complain about.
 */
export function loadAddon<Loaded extends Addon>(name: string, url: string): FoundAddon<Loaded> {
  const key = `${name} ${url}`;
  const known = found.get(key) ?? find(name, url);
  found.set(key, known);
  return known as FoundAddon<Loaded>;
}

function find(name: string, url: string): FoundAddon<Addon> {
  const absent = (reason: string) => ({ status: { available: false, reason } });
  const file = fileOf(name, url);
  if (file === undefined) return absent(`there is no prebuilt addon for ${process.platform}-${process.arch}`);
  let addon: Addon;
  try {
    addon = createRequire(url)(file) as Addon;
  } catch (error) {
    return absent(`${file} cannot be loaded: ${(error as Error).message.split('\n', 1)[0]}`);
  }
  const [best] = addon.kernels();
  if (best === undefined) return absent('this processor has no AVX2 with fused multiply-add');
  return { addon, status: { available: true, reason: `machine code for ${best}` } };
}

function fileOf(name: string, url: string): string | undefined {
  const manifest = resolveFrom(url, `@maxent/${name}/package.json`);
  const packages = [
    fileURLToPath(new URL('../..', url)),
    ...(manifest === undefined ? [] : [dirname(manifest)]),
  ];
  return packages
    .map((directory) => join(directory, 'prebuilds', `${name}-${process.platform}-${process.arch}.node`))
    .find((file) => existsSync(file));
}
