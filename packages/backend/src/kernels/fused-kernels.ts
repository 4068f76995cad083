import { WasmLoadError } from '@maxent/core';
import { compileWasm, type WasmSource } from '@maxent/core/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { relaxedSimd, simd128 } from './generated/modules.js';
import type { KernelExports } from './kernel-exports.js';
import { Scratch } from './scratch.js';
import { allocateTensor, currentWasmBackend, type WasmBackend } from './wasm-backend.js';

/** Vector instructions that a build of the kernels uses. */
export type KernelBuild = 'simd128' | 'relaxed-simd';

/** The compiled kernels on the memory of one wasm backend. */
export class FusedKernels {
  /** For values that are not needed after the operation that put them there. */
  readonly scratch: Scratch;
  /** For `denseStack`'s backward pass; holds the values of `deltaOwner`. */
  readonly deltas: Scratch;
  deltaOwner: object | undefined;

  constructor(
    readonly backend: WasmBackend,
    readonly run: KernelExports,
    readonly build: KernelBuild,
  ) {
    this.scratch = new Scratch(backend);
    this.deltas = new Scratch(backend);
  }

  /** Where a tensor's values lie. */
  address(tensor: tf.TensorInfo): number {
    return this.backend.dataIdMap.get(tensor.dataId).memoryOffset;
  }

  /** A new float32 tensor, not cleared. */
  allocate<R extends tf.Rank>(shape: tf.ShapeMap[R]): tf.Tensor<R> {
    return allocateTensor(this.backend, shape);
  }

  /**
   * Where a variable's values lie, to be changed there. Values that the variable shares with a tensor (tfjs copies
   * neither in `tf.variable` nor in `assign`, `clone` or `reshape`) are copied first.
   */
  addressForUpdate(variable: tf.Variable): number {
    if (this.backend.refCount(variable.dataId) > 1) {
      const copy = this.allocate(variable.shape);
      const from = this.address(variable);
      this.backend.wasm.HEAPU8.copyWithin(this.address(copy), from, from + 4 * variable.size);
      variable.assign(copy);
      copy.dispose();
    } else {
      // XNNPACK's operators keep a packed copy of the weights they have seen, by the tensor's number.
      const { id, memoryOffset } = this.backend.dataIdMap.get(variable.dataId);
      this.backend.wasm.tfjs.disposeData(id);
      this.backend.wasm.tfjs.registerTensor(id, variable.size, memoryOffset);
    }
    return this.address(variable);
  }
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Files of the kernels that are used instead of the copies inside this package. */
export interface KernelSources {
  /** `kernels-simd128.wasm`. */
  readonly simd128?: WasmSource | undefined;
  /** `kernels-relaxed-simd.wasm`. */
  readonly relaxedSimd?: WasmSource | undefined;
}

interface BuildFile {
  readonly build: KernelBuild;
  readonly option: keyof KernelSources;
  readonly base64: string;
}

/** Best first. */
const buildFiles: readonly BuildFile[] = [
  { build: 'relaxed-simd', option: 'relaxedSimd', base64: relaxedSimd },
  { build: 'simd128', option: 'simd128', base64: simd128 },
];

/** The builds that this JavaScript engine can run, best first. */
export function supportedBuilds(): KernelBuild[] {
  return buildFiles.filter(({ base64 }) => WebAssembly.validate(decode(base64))).map(({ build }) => build);
}

let loaded: FusedKernels | undefined;
let enabled = true;
let given: KernelSources = {};

/** Names the files that `loadFusedKernels` takes; a build that is given alone is then the only one. */
export function setKernelSources(sources: KernelSources): void {
  given = sources;
}

function bestBuild(): KernelBuild {
  const isGiven = ({ option }: BuildFile): boolean => given[option] !== undefined;
  const builds = buildFiles.some(isGiven) ? buildFiles.filter(isGiven) : buildFiles;
  const supported = supportedBuilds();
  const best = builds.find(({ build }) => supported.includes(build));
  if (best !== undefined) return best.build;
  const names = builds.map(({ build }) => build).join(' and ');
  throw new WasmLoadError(
    `cannot load the kernels: this WebAssembly engine does not run the build ${names}; give wasm.simd128, too`,
  );
}

/** Compiles a build of the kernels for the current backend, which must be wasm, and puts it to use. */
export async function loadFusedKernels(build: KernelBuild = bestBuild()): Promise<FusedKernels> {
  const backend = currentWasmBackend()!;
  if (loaded?.backend === backend && loaded.build === build) return loaded;
  const { memory } = backend.wasm.asm;
  if (memory === undefined) {
    throw new WasmLoadError(
      'cannot load the kernels: this program has started the threaded build of tfjs-backend-wasm, which keeps its memory to itself; leave starting it to selectBackend',
    );
  }
  const { option, base64 } = buildFiles.find((each) => each.build === build)!;
  const file = { name: `kernels-${build}.wasm`, option: `wasm.${option}` };
  const compiled = await compileWasm(given[option] ?? decode(base64), file);
  const { exports } = await WebAssembly.instantiate(compiled, { env: { memory } });
  if (typeof exports.matrixMultiply !== 'function') {
    throw new WasmLoadError(
      `cannot load ${file.name}: what ${file.option} gave is another module; give the file of this version of @maxent/backend`,
    );
  }
  loaded = new FusedKernels(backend, exports as unknown as KernelExports, build);
  return loaded;
}

/** The kernels, if they are loaded for the current backend and not turned off. */
export function fusedKernels(): FusedKernels | undefined {
  return enabled && loaded !== undefined && tf.getBackend() === 'wasm' && loaded.backend === tf.backend()
    ? loaded
    : undefined;
}

/**
 * Turns the fused kernels off or on again, so that tests and benchmarks can run the composed operations and the
 * stock tfjs kernels on the wasm backend.
 */
export function useFusedKernels(value: boolean): void {
  enabled = value;
}

/** Whether operations use the fused kernels where the current backend has them. */
export function fusedKernelsEnabled(): boolean {
  return enabled;
}
