import * as tf from '@tensorflow/tfjs-core';
import { fusedKernelsEnabled } from '../kernels/fused-kernels.js';

/** An attribute of a TensorFlow operation, as tfjs-node's binding takes it. */
export interface OperationAttribute {
  readonly name: string;
  /** TF_ATTR_BOOL, TF_ATTR_TYPE and so on. */
  readonly type: number;
  readonly value: boolean | number | string | readonly number[];
}

/** tfjs-node's C++ side. TensorFlow's tensors go by numbers there. */
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

/** What tfjs-node keeps about one block of values. */
interface NativeData {
  /** TensorFlow's tensor; meaningless while `values` waits to become one. */
  id: number;
  values: tf.BackendValues | null;
}

/** The parts of tfjs-node's backend object that we stand on. Internal to tfjs-node, whose version is pinned. */
export interface NativeBackend extends tf.KernelBackend {
  readonly binding: NativeBinding;
  readonly tensorMap: { get(dataId: tf.DataId): NativeData };
  /** The numbers of TensorFlow's tensors behind these; values that wait on the JavaScript side become tensors. */
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
  /** A tfjs tensor that stands for one of TensorFlow's. */
  createOutputTensor(output: { id: number; shape: readonly number[]; dtype: number }): tf.Tensor;
  refCount(dataId: tf.DataId): number;
  /** How many tensors TensorFlow holds for us: `tf.memory()` counts only those that tfjs knows of. */
  getNumOfTFTensors(): number;
}

/** The current backend, if it is tfjs-node. */
export function currentNativeBackend(): NativeBackend | undefined {
  return tf.getBackend() === 'tensorflow' ? (tf.backend() as NativeBackend) : undefined;
}

/** The current backend, if it is tfjs-node and our compositions of TensorFlow calls are not turned off. */
export function nativeCompositions(): NativeBackend | undefined {
  return fusedKernelsEnabled() ? currentNativeBackend() : undefined;
}
