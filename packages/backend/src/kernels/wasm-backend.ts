import * as tf from '@tensorflow/tfjs-core';

/** tfjs-wasm's record of one block of values. */
interface WasmData {
  /** The number of the block on the C++ side. */
  readonly id: number;
  /** The address of the values in the backend's memory. */
  readonly memoryOffset: number;
}

/**
 * The parts of tfjs-wasm's backend object that the fused kernels depend on. They are internal to tfjs, so its version
 * is pinned. Only the single-threaded build exports its memory.
 */
export interface WasmBackend extends tf.KernelBackend {
  readonly wasm: {
    /** Undefined in the threaded build. */
    readonly asm: { readonly memory?: WebAssembly.Memory };
    /** The memory's bytes; a new array whenever the memory has grown. */
    readonly HEAPU8: Uint8Array;
    _malloc(bytes: number): number;
    _free(address: number): void;
    readonly tfjs: {
      registerTensor(id: number, size: number, address: number): void;
      disposeData(id: number): void;
    };
  };
  /** `get` first moves the values here if another backend holds them. */
  readonly dataIdMap: { get(dataId: tf.DataId): WasmData };
  makeOutput(shape: readonly number[], dtype: tf.DataType): tf.TensorInfo;
  /** A view of a block's values, valid until the memory grows. */
  typedArrayFromHeap(info: tf.TensorInfo): tf.TypedArray;
  refCount(dataId: tf.DataId): number;
  incRef(dataId: tf.DataId): void;
}

/** The current backend, if it is tfjs-wasm. */
export function currentWasmBackend(): WasmBackend | undefined {
  return tf.getBackend() === 'wasm' ? (tf.backend() as WasmBackend) : undefined;
}

/** A new float32 tensor, whose values are whatever its memory holds. */
export function allocateTensor<R extends tf.Rank>(backend: WasmBackend, shape: tf.ShapeMap[R]): tf.Tensor<R> {
  return tf.engine().makeTensorFromTensorInfo(backend.makeOutput(shape, 'float32')) as tf.Tensor<R>;
}
