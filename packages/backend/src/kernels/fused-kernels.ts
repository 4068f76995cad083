import { WasmLoadError } from '@maxent/core';
import { compileWasm, type WasmSource } from '@maxent/core/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { relaxedSimd, simd128 } from './generated/modules.js';
import type { KernelExports } from './kernel-exports.js';
import { Scratch } from './scratch.js';
import { allocateTensor, currentWasmBackend, type WasmBackend } from './wasm-backend.js';

/** The vector instructions that a build of the kernels uses. */
export type KernelBuild = 'simd128' | 'relaxed-simd';

/** The compiled kernels on the memory of one wasm backend. */
export class FusedKernels {
  /** Holds values that are not needed after the operation that wrote them. */
  readonly scratch: Scratch;
  /** Holds the deltas of `denseStack`'s backward pass, for the call in `deltaOwner`. */
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

  /** The address of a tensor's values. */
  address(tensor: tf.TensorInfo): number {
    return this.backend.dataIdMap.get(tensor.dataId).memoryOffset;
  }

  /** A new float32 tensor, whose values are not cleared. */
  allocate<R extends tf.Rank>(shape: tf.ShapeMap[R]): tf.Tensor<R> {
    return allocateTensor(this.backend, shape);
  }

  /**
   * The address of a variable's values, to be changed in place. If a tensor shares these values, they are copied first
   * (tfjs does not copy in `tf.variable`, `assign`, `clone` or `reshape`).
   */
  addressForUpdate(variable: tf.Variable): number {
    if (this.backend.refCount(variable.dataId) > 1) {
      const copy = this.allocate(variable.shape);
      const from = this.address(variable);
      this.backend.wasm.HEAPU8.copyWithin(this.address(copy), from, from + 4 * variable.size);
      variable.assign(copy);
      copy.dispose();
    } else {
      // XNNPACK's operators cache a packed copy of each weight, under the tensor's number.
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

/** Kernel files to use instead of the copies inside this package. */
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

/** The builds, best first. */
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

/** Sets the files that `loadFusedKernels` takes; if only one build is given, only that one is used. */
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
    `cannot load the kernels: this WebAssembly engine cannot run the ${names} build; give wasm.simd128 as well`,
  );
}

/** Compiles a build of the kernels for the current backend, which must be wasm, and starts using it. */
export async function loadFusedKernels(build: KernelBuild = bestBuild()): Promise<FusedKernels> {
  const backend = currentWasmBackend()!;
  if (loaded?.backend === backend && loaded.build === build) return loaded;
  const { memory } = backend.wasm.asm;
  if (memory === undefined) {
    throw new WasmLoadError(
      'cannot load the kernels: this program has started the threaded build of tfjs-backend-wasm, which keeps its memory private; let selectBackend start it',
    );
  }
  const { option, base64 } = buildFiles.find((each) => each.build === build)!;
  const file = { name: `kernels-${build}.wasm`, option: `wasm.${option}` };
  const compiled = await compileWasm(given[option] ?? decode(base64), file);
  const { exports } = await WebAssembly.instantiate(compiled, { env: { memory } });
  if (typeof exports.matrixMultiply !== 'function') {
    throw new WasmLoadError(
      `cannot load ${file.name}: ${file.option} gave a different module; give the file from this version of @maxent/backend`,
    );
  }
  loaded = new FusedKernels(backend, exports as unknown as KernelExports, build);
  return loaded;
}

/** The kernels, if they are loaded for the current backend and turned on. */
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
