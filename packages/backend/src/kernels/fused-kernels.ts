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

/** The builds that this JavaScript engine can run, best first. */
export function supportedBuilds(): KernelBuild[] {
  const builds: [KernelBuild, string][] = [
    ['relaxed-simd', relaxedSimd],
    ['simd128', simd128],
  ];
  return builds.filter(([, module]) => WebAssembly.validate(decode(module))).map(([build]) => build);
}

let loaded: FusedKernels | undefined;
let enabled = true;

/** Compiles a build of the kernels for the current backend, which must be wasm, and puts it to use. */
export async function loadFusedKernels(build: KernelBuild = supportedBuilds()[0]!): Promise<FusedKernels> {
  const backend = currentWasmBackend()!;
  if (loaded?.backend === backend && loaded.build === build) return loaded;
  const bytes = decode(build === 'simd128' ? simd128 : relaxedSimd);
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory: backend.wasm.asm.memory } });
  loaded = new FusedKernels(backend, instance.exports as unknown as KernelExports, build);
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
