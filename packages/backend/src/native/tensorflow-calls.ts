import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../operations/activation.js';
import type { NativeBackend, OperationAttribute } from './native-backend.js';

/** TensorFlow's names for the activations; linear needs no call. */
const activationCalls = {
  relu: { value: 'Relu', gradient: 'ReluGrad' },
  tanh: { value: 'Tanh', gradient: 'TanhGrad' },
  elu: { value: 'Elu', gradient: 'EluGrad' },
} as const;

/**
 * One TensorFlow call per method, on float32 tensors. tfjs operations would work too, but their gradients are composed
 * of more calls than TensorFlow needs, and some call TensorFlow several times. Call these within `tf.tidy`, which
 * disposes the tensors made for arguments such as axes and shapes.
 */
export class TensorFlowCalls {
  private readonly float: OperationAttribute;

  constructor(private readonly backend: NativeBackend) {
    this.float = this.typeAttribute('T', backend.binding.TF_FLOAT);
  }

  /** An elementwise operation, or any other operation whose only attribute is the type of its inputs. */
  call(name: string, ...inputs: tf.Tensor[]): tf.Tensor {
    return this.backend.executeSingleOutput(name, [this.float], inputs);
  }

  /** The sum of tensors of one shape. */
  sumOfAll(tensors: readonly tf.Tensor[]): tf.Tensor {
    const count = { name: 'N', type: this.backend.binding.TF_ATTR_INT, value: tensors.length };
    return this.backend.executeSingleOutput('AddN', [this.float, count], tensors);
  }

  /** The product of matrices or batches of them; a batch dimension that is missing or has size 1 is repeated. */
  matMul(a: tf.Tensor, b: tf.Tensor, { transposeA = false, transposeB = false } = {}): tf.Tensor {
    const attributes = [
      this.float,
      this.booleanAttribute('adj_x', transposeA),
      this.booleanAttribute('adj_y', transposeB),
    ];
    return this.backend.executeSingleOutput('BatchMatMulV2', attributes, [a, b]);
  }

  activate(x: tf.Tensor, activation: Activation): tf.Tensor {
    return activation === 'linear' ? x : this.call(activationCalls[activation].value, x);
  }

  /** The gradient before an activation, from the gradient after it and the activation's value. */
  activationGradient(dy: tf.Tensor, y: tf.Tensor, activation: Activation): tf.Tensor {
    if (activation === 'linear') return dy;
    const { gradient } = activationCalls[activation];
    return activation === 'tanh' ? this.call(gradient, y, dy) : this.call(gradient, dy, y);
  }

  sum(x: tf.Tensor, axis: number): tf.Tensor {
    const { TF_INT32 } = this.backend.binding;
    const attributes = [
      this.float,
      this.typeAttribute('Tidx', TF_INT32),
      this.booleanAttribute('keep_dims', false),
    ];
    return this.backend.executeSingleOutput('Sum', attributes, [x, integer(axis)]);
  }

  reshape(x: tf.Tensor, shape: readonly number[]): tf.Tensor {
    const attributes = [this.float, this.typeAttribute('Tshape', this.backend.binding.TF_INT32)];
    return this.backend.executeSingleOutput('Reshape', attributes, [x, integers(shape)]);
  }

  concat(tensors: readonly tf.Tensor[], axis: number): tf.Tensor {
    const { TF_ATTR_INT, TF_INT32 } = this.backend.binding;
    const attributes = [
      this.float,
      this.typeAttribute('Tidx', TF_INT32),
      { name: 'N', type: TF_ATTR_INT, value: tensors.length },
    ];
    return this.backend.executeSingleOutput('ConcatV2', attributes, [...tensors, integer(axis)]);
  }

  /** Splits x into pieces of the given sizes along `axis`. */
  split(x: tf.Tensor, sizes: readonly number[], axis: number): tf.Tensor[] {
    const { TF_ATTR_INT, TF_INT32 } = this.backend.binding;
    const attributes = [
      this.float,
      this.typeAttribute('Tlen', TF_INT32),
      { name: 'num_split', type: TF_ATTR_INT, value: sizes.length },
    ];
    const inputs = [x, integers(sizes), integer(axis)];
    return this.backend.executeMultipleOutputs('SplitV', attributes, inputs, sizes.length);
  }

  private typeAttribute(name: string, value: number): OperationAttribute {
    return { name, type: this.backend.binding.TF_ATTR_TYPE, value };
  }

  private booleanAttribute(name: string, value: boolean): OperationAttribute {
    return { name, type: this.backend.binding.TF_ATTR_BOOL, value };
  }
}

function integer(value: number): tf.Tensor {
  return tf.scalar(value, 'int32');
}

function integers(values: readonly number[]): tf.Tensor {
  return tf.tensor1d([...values], 'int32');
}
