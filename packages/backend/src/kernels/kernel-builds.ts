import { BackendUnavailableError, WasmLoadError } from '@maxent/core';
import { bytesOfHexadecimal, compileWasm, type WasmFile, type WasmSource } from '@maxent/core/wasm';
import { platform } from '#platform';
import { hexadecimal as relaxedSimd } from './generated/kernels-relaxed-simd.js';
import type { AddonBuild } from './kernel-addon.js';
import type { KernelExports } from './kernel-exports.js';
import { hasRelaxedSimd, hasSimd128 } from './wasm-features.js';

type WasmBuild = 'simd128' | 'relaxed-simd';

/** The vector instructions that a build of the kernels uses: WebAssembly's, or those of the addon's machine code. */
export type KernelBuild = WasmBuild | AddonBuild;

/** Where kernels come from: `addon` is machine code, in Node; `auto` takes it where it is there. */
export type KernelChoice = 'auto' | 'addon' | 'wasm';

/** Kernel files to use instead of the copies inside this package. */
export interface KernelSources {
  /** `kernels-simd128.wasm`. */
  readonly simd128?: WasmSource | undefined;
  /** `kernels-relaxed-simd.wasm`. */
  readonly relaxedSimd?: WasmSource | undefined;
}

interface BuildFile {
  readonly build: WasmBuild;
  readonly option: keyof KernelSources;
  readonly runsHere: () => boolean;
  /** The copy inside this package. */
  readonly embedded: () => string | Promise<string>;
}

/** The builds, best first. */
const buildFiles: readonly BuildFile[] = [
  {
    build: 'relaxed-simd',
    option: 'relaxedSimd',
    runsHere: hasRelaxedSimd,
    embedded: () => relaxedSimd,
  },
  {
    build: 'simd128',
    option: 'simd128',
    runsHere: hasSimd128,
    // Loaded on request: most pages never need it.
    embedded: async () => (await import('./generated/kernels-simd128.js')).hexadecimal,
  },
];

/** The builds that can run here, best first. */
export function supportedBuilds(): KernelBuild[] {
  const wasm = buildFiles.filter(({ runsHere }) => runsHere());
  return [...(platform.kernelAddon().addon?.kernels() ?? []), ...wasm.map(({ build }) => build)];
}

let given: KernelSources = {};

/** Sets the files that `instantiate` takes; if only one build is given, only that one is used. */
export function setKernelSources(sources: KernelSources): void {
  given = sources;
}

function bestWasmBuild(): WasmBuild {
  const isGiven = ({ option }: BuildFile): boolean => given[option] !== undefined;
  const builds = buildFiles.some(isGiven) ? buildFiles.filter(isGiven) : buildFiles;
  const best = builds.find(({ runsHere }) => runsHere());
  if (best !== undefined) return best.build;
  const names = builds.map(({ build }) => build).join(' and ');
  throw new WasmLoadError(
    `cannot load the kernels: this WebAssembly engine cannot run the ${names} build; give wasm.simd128 as well`,
  );
}

/**
 * The best build that runs here. Throws BackendUnavailableError if you asked for the addon and it is absent, and
 * WasmLoadError if the engine runs none of the WebAssembly builds.
 */
export function bestBuild(choice: KernelChoice): KernelBuild {
  if (choice === 'wasm') return bestWasmBuild();
  const { addon, status } = platform.kernelAddon();
  if (addon !== undefined) return addon.kernels()[0]!;
  if (choice === 'auto') return bestWasmBuild();
  throw new BackendUnavailableError(
    `the addon's kernels were asked for and cannot be used: ${status.reason}; with kernels "auto" or "wasm" it is not needed`,
  );
}

export function isAddonBuild(build: KernelBuild): build is AddonBuild {
  return build !== 'simd128' && build !== 'relaxed-simd';
}

/**
 * The kernels of a build on a memory. The addon has those that compute much; the others are WebAssembly's, whose calls
 * cost less, and which have the same results in every build.
 */
export async function instantiate(
  build: KernelBuild,
  memory: WebAssembly.Memory,
  threads: number,
): Promise<KernelExports> {
  if (!isAddonBuild(build)) return await instantiateWasm(build, memory);
  const wasm = await instantiateWasm(bestWasmBuild(), memory);
  return { ...wasm, ...platform.kernelAddon().addon!.attach(memory, build, threads) };
}

async function instantiateWasm(build: WasmBuild, memory: WebAssembly.Memory): Promise<KernelExports> {
  const { option, embedded } = buildFiles.find((each) => each.build === build)!;
  const file = { name: `kernels-${build}.wasm`, option: `wasm.${option}` };
  const compiled = await compileWasm(given[option] ?? bytesOfHexadecimal(await copyOf(file, embedded)), file);
  const { exports } = await WebAssembly.instantiate(compiled, { env: { memory } });
  if (typeof exports.matrixMultiply !== 'function') {
    throw new WasmLoadError(
      `cannot load ${file.name}: ${file.option} gave a different module; give the file from this version of @maxent/backend`,
    );
  }
  return exports as unknown as KernelExports;
}

/** Throws WasmLoadError where code cannot be loaded on request, as in a service worker. */
async function copyOf(file: WasmFile, embedded: BuildFile['embedded']): Promise<string> {
  try {
    return await embedded();
  } catch (cause) {
    throw new WasmLoadError(
      `cannot load the copy of ${file.name} in @maxent/backend (${(cause as Error).message}); give ${file.option}`,
      { cause },
    );
  }
}
