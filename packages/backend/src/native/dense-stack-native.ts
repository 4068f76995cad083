import * as tf from '@tensorflow/tfjs-core';
import { isRecording, recordDifferentiable } from '../kernels/differentiable.js';
import type { Activation } from '../operations/activation.js';
import { type DenseStackSpec, denseStackMemberParameterCount } from '../operations/dense-stack-layout.js';
import type { NativeBackend } from './native-backend.js';
import { TensorFlowCalls } from './tensorflow-calls.js';

/** `denseStack` in TensorFlow calls: three per layer forward (product, bias, activation), and its own gradients. */
export function nativeDenseStack(
  backend: NativeBackend,
  x: tf.Tensor,
  parameters: tf.Tensor,
  spec: DenseStackSpec,
): tf.Tensor {
  const stack = new NativeDenseStack(new TensorFlowCalls(backend), spec);
  if (!isRecording()) return tf.tidy(() => stack.forward(x, parameters).y);
  return recordDifferentiable({
    inputs: { parameters, x },
    forwardFunc: (_, save) => {
      const { y, weights, values } = stack.forward(x, parameters);
      save([...weights, ...values]);
      return y;
    },
    backwardsFunc: (dy, saved) => {
      const weights = saved.slice(0, stack.layers);
      const values = saved.slice(stack.layers);
      // Each is computed from scratch: the tape does not say which of the two it needs, and deltas kept for a gradient
      // that nobody asks for would never be freed.
      return {
        parameters: () => stack.parameterGradient(dy, weights, values, parameters.shape),
        x: () => stack.inputGradient(dy, weights, values),
      };
    },
  }) as tf.Tensor;
}

interface ForwardPass {
  readonly y: tf.Tensor;
  /** Per layer, [inputs, outputs]. For an ensemble, all tensors but a shared x have a leading member dimension. */
  readonly weights: tf.Tensor[];
  /** The input of each layer and, at the end, the output of the last one, [batch, width]. */
  readonly values: tf.Tensor[];
}

class NativeDenseStack {
  readonly layers: number;
  /** The member dimension, or nothing. */
  private readonly lead: readonly number[];

  constructor(
    private readonly calls: TensorFlowCalls,
    private readonly spec: DenseStackSpec,
  ) {
    this.layers = spec.sizes.length - 1;
    this.lead = spec.members === undefined ? [] : [spec.members];
  }

  forward(x: tf.Tensor, parameters: tf.Tensor): ForwardPass {
    const { calls, lead } = this;
    const ensemble = lead.length > 0;
    const table = ensemble
      ? calls.reshape(parameters, [...lead, denseStackMemberParameterCount(this.spec)])
      : parameters;
    const pieces = calls.split(table, this.pieceSizes(), lead.length);
    const weights: tf.Tensor[] = [];
    const values = [x];
    for (let layer = 0; layer < this.layers; layer++) {
      const [inputs, outputs] = this.widths(layer);
      const weight = calls.reshape(pieces[2 * layer]!, [...lead, inputs, outputs]);
      const row = pieces[2 * layer + 1]!;
      const bias = ensemble ? calls.reshape(row, [...lead, 1, outputs]) : row;
      const product = calls.matMul(values[layer]!, weight);
      weights.push(weight);
      values.push(calls.activate(calls.call('AddV2', product, bias), this.activation(layer)));
    }
    return { y: values.at(-1)!, weights, values };
  }

  parameterGradient(
    dy: tf.Tensor,
    weights: readonly tf.Tensor[],
    values: readonly tf.Tensor[],
    shape: readonly number[],
  ): tf.Tensor {
    const { calls, lead } = this;
    const pieces: tf.Tensor[] = [];
    for (const [layer, delta] of this.deltas(dy, weights, values)) {
      const [inputs, outputs] = this.widths(layer);
      const weight = calls.matMul(values[layer]!, delta, { transposeA: true });
      pieces.unshift(calls.reshape(weight, [...lead, inputs * outputs]), calls.sum(delta, lead.length));
    }
    const gradient = calls.concat(pieces, lead.length);
    return lead.length > 0 ? calls.reshape(gradient, shape) : gradient;
  }

  inputGradient(dy: tf.Tensor, weights: readonly tf.Tensor[], values: readonly tf.Tensor[]): tf.Tensor {
    const { calls } = this;
    const x = values[0]!;
    let first = dy;
    for (const [, delta] of this.deltas(dy, weights, values)) first = delta;
    const gradient = calls.matMul(first, weights[0]!, { transposeB: true });
    // An input that the members share gets the sum of their gradients.
    return gradient.rank > x.rank ? calls.sum(gradient, 0) : gradient;
  }

  /** The gradient before each layer's activation, [batch, outputs], from the last layer to the first. */
  private *deltas(
    dy: tf.Tensor,
    weights: readonly tf.Tensor[],
    values: readonly tf.Tensor[],
  ): Generator<[layer: number, delta: tf.Tensor]> {
    const { calls } = this;
    let gradient = dy;
    for (let layer = this.layers - 1; layer >= 0; layer--) {
      const delta = calls.activationGradient(gradient, values[layer + 1]!, this.activation(layer));
      yield [layer, delta];
      if (layer > 0) gradient = calls.matMul(delta, weights[layer]!, { transposeB: true });
    }
  }

  private pieceSizes(): number[] {
    return Array.from({ length: this.layers }, (_, layer) => this.widths(layer)).flatMap(
      ([inputs, outputs]) => [inputs * outputs, outputs],
    );
  }

  private widths(layer: number): [inputs: number, outputs: number] {
    return [this.spec.sizes[layer]!, this.spec.sizes[layer + 1]!];
  }

  private activation(layer: number): Activation {
    return layer + 1 === this.layers ? this.spec.outputActivation : this.spec.hiddenActivation;
  }
}
