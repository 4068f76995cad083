// First, as in index.ts: both entries of the package share this file, so it lies in a chunk that is loaded before theirs.
import '#lend-require';

import { WasmLoadError, zigguratTables } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { platform } from '#platform';
import {
  bestBuild,
  instantiate,
  isAddonBuild,
  type KernelBuild,
  type KernelChoice,
} from './kernel-builds.js';
import type { KernelExports } from './kernel-exports.js';
import { Scratch } from './scratch.js';
import { allocateTensor, currentWasmBackend, type WasmBackend } from './wasm-backend.js';

/** Whether multiply-adds are rounded once or twice. */
export type Rounding = 'fused' | 'unfused';

/** Addresses of the tables and of the random words of `fillNormal`. */
interface NormalSampler {
  readonly tables: number;
  readonly words: number;
}

/** Of the random words that `fillNormal` computes at a time. */
const NORMAL_WORDS_BYTES = 64;

/** The compiled kernels on the memory of one wasm backend. */
export class FusedKernels {
  /** Holds values that are not needed after the operation that wrote them. */
  readonly scratch: Scratch;
  /** Holds the deltas of `denseStack`'s backward pass, for the call in `deltaOwner`. */
  readonly deltas: Scratch;
  deltaOwner: object | undefined;
  /** Relaxed SIMD leaves it to the hardware, so it is found by computing. */
  readonly rounding: Rounding;
  private sampler: NormalSampler | undefined;

  constructor(
    readonly backend: WasmBackend,
    readonly run: KernelExports,
    readonly build: KernelBuild,
    /** Threads that a kernel may use. */
    readonly threads = 1,
  ) {
    this.scratch = new Scratch(backend);
    this.deltas = new Scratch(backend);
    this.rounding = this.findRounding();
  }

  /** The Polyak step t + w (s - t) with w = s - t = 1 + 2^-13 and t = -(1 + 2^-12) is 2^-26, or 0 if w^2 is rounded. */
  private findRounding(): Rounding {
    const address = this.scratch.reserve(8);
    const [target, source] = [address, address + 4];
    const values = new Float32Array(this.backend.wasm.HEAPU8.buffer, address, 2);
    values.set([-(1 + 2 ** -12), -(2 ** -13)]);
    this.run.polyak(target, source, 1, 1 + 2 ** -13);
    return values[0] === 0 ? 'unfused' : 'fused';
  }

  /** The address of a tensor's values. */
  address(tensor: tf.TensorInfo): number {
    return this.backend.dataIdMap.get(tensor.dataId).memoryOffset;
  }

  /** The memory that `fillNormal` needs, made when it is first asked for. */
  get normalSampler(): NormalSampler {
    if (this.sampler === undefined) {
      const { edges, innerFraction } = zigguratTables;
      const tables = this.backend.wasm._malloc(edges.byteLength + innerFraction.byteLength) >>> 0;
      const { buffer } = this.backend.wasm.HEAPU8;
      // The allocator aligns to 16 bytes.
      new Float64Array(buffer, tables, edges.length).set(edges);
      new Float64Array(buffer, tables + edges.byteLength, innerFraction.length).set(innerFraction);
      this.sampler = { tables, words: this.backend.wasm._malloc(NORMAL_WORDS_BYTES) >>> 0 };
    }
    return this.sampler;
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

let loaded: FusedKernels | undefined;
/** Those of the current backend that were in use once: going back to them costs nothing, and V8 has optimized them. */
let known: readonly FusedKernels[] = [];
let enabled = true;

export interface KernelOptions {
  /** Default: the best that runs here and that `choice` allows. */
  readonly build?: KernelBuild | undefined;
  /** Default `auto`. */
  readonly choice?: KernelChoice | undefined;
  /** Of the addon; default: the cores that this process may use. The numbers do not depend on it. */
  readonly threads?: number | undefined;
}

/** The build and the threads that `loadFusedKernels` uses. Throws WasmLoadError if no allowed build runs here. */
export function planKernels({ choice = 'auto', build = bestBuild(choice), threads }: KernelOptions): {
  readonly build: KernelBuild;
  readonly threads: number;
} {
  if (!isAddonBuild(build)) return { build, threads: 1 };
  return { build, threads: Math.min(threads ?? platform.defaultThreads(), platform.cores()) };
}

/**
 * Loads a build of the kernels for the current backend, which must be wasm, and starts using it. Throws WasmLoadError if
 * it cannot run here.
 */
export async function loadFusedKernels(options: KernelOptions = {}): Promise<FusedKernels> {
  const backend = currentWasmBackend()!;
  const { build, threads } = planKernels(options);
  known = known.filter((each) => each.backend === backend);
  const same = known.find((each) => each.build === build && each.threads === threads);
  if (same !== undefined) {
    loaded = same;
    return same;
  }
  const { memory } = backend.wasm.asm;
  if (memory === undefined) {
    throw new WasmLoadError(
      'cannot load the kernels: this program has started the threaded build of tfjs-backend-wasm, which keeps its memory private; let selectBackend start it',
    );
  }
  loaded = new FusedKernels(backend, await instantiate(build, memory, threads), build, threads);
  known = [...known, loaded];
  return loaded;
}

/** The kernels that were loaded last, turned on or not. */
export function loadedKernels(): FusedKernels | undefined {
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
