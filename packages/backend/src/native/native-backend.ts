import * as tf from '@tensorflow/tfjs-core';
import { fusedKernelsEnabled } from '../kernels/fused-kernels.js';

/** An attribute of a TensorFlow operation, as tfjs-node's binding takes it. */
export interface OperationAttribute {
  readonly name: string;
  /** TF_ATTR_BOOL, TF_ATTR_TYPE and so on. */
  readonly type: number;
  readonly value: boolean | number | string | readonly number[];
}

/** tfjs-node's C++ side, which refers to TensorFlow's tensors by number. */
export interface NativeBinding {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_Version: string;
  executeOp(
    name: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly number[],
    outputCount: number,
  ): { readonly id: number }[];
  deleteTensor(id: number): void;
}

/** tfjs-node's record of one block of values. */
interface NativeData {
  /** The number of TensorFlow's tensor; meaningless until `values` has become one. */
  id: number;
  values: tf.BackendValues | null;
}

/** The parts of tfjs-node's backend object that we depend on. They are internal to it, so its version is pinned. */
export interface NativeBackend extends tf.KernelBackend {
  readonly binding: NativeBinding;
  readonly tensorMap: { get(dataId: tf.DataId): NativeData };
  /** The numbers of TensorFlow's tensors behind these; values still on the JavaScript side become tensors first. */
  getInputTensorIds(tensors: readonly tf.Tensor[]): number[];
  executeSingleOutput(
    name: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly tf.Tensor[],
  ): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly tf.Tensor[],
    outputCount: number,
  ): tf.Tensor[];
  /** Wraps one of TensorFlow's tensors in a tfjs tensor. */
  createOutputTensor(output: { id: number; shape: readonly number[]; dtype: number }): tf.Tensor;
  refCount(dataId: tf.DataId): number;
  /** How many tensors TensorFlow holds for us; `tf.memory()` counts only the ones that tfjs knows about. */
  getNumOfTFTensors(): number;
}

/** The current backend, if it is tfjs-node. */
export function currentNativeBackend(): NativeBackend | undefined {
  return tf.getBackend() === 'tensorflow' ? (tf.backend() as NativeBackend) : undefined;
}

/** The current backend, if it is tfjs-node and our compositions of TensorFlow calls are turned on. */
export function nativeCompositions(): NativeBackend | undefined {
  return fusedKernelsEnabled() ? currentNativeBackend() : undefined;
}
