import * as tf from '@tensorflow/tfjs-core';
import { isRecording, recordDifferentiable } from '../kernels/differentiable.js';
import type { AffineCouplingCall, CouplingResult } from '../operations/affine-coupling.js';
import type { NativeBackend } from './native-backend.js';
import { TensorFlowCalls } from './tensorflow-calls.js';

/** `affineCoupling` in TensorFlow calls, with its own gradients. */
export function nativeAffineCoupling(backend: NativeBackend, call: AffineCouplingCall): CouplingResult {
  const coupling = new NativeAffineCoupling(new TensorFlowCalls(backend), call);
  const { x, parameters, context } = call;
  if (!isRecording()) {
    const [y, logDet] = tf.tidy(() => coupling.forward().outputs);
    return { y, logDet };
  }
  const [y, logDet] = recordDifferentiable({
    inputs: { x, parameters, ...(context && { context }) },
    forwardFunc: (_, save) => {
      const { outputs, saved } = coupling.forward();
      save(saved);
      return outputs;
    },
    // Each is computed from scratch: as in `denseStack`, the tape does not say which ones it needs.
    backwardsFunc: (gradients, saved) => ({
      x: () => coupling.inputGradient(gradients, saved),
      parameters: () => coupling.parameterGradient(gradients, saved),
      context: () => coupling.contextGradient(gradients, saved),
    }),
  }) as [tf.Tensor2D, tf.Tensor1D];
  return { y, logDet };
}

/** Gradients in the backward pass, named after what they are gradients of. */
interface Deltas {
  readonly kept: tf.Tensor;
  readonly values: tf.Tensor;
  /** The gradient of [raw, t] together. */
  readonly head: tf.Tensor;
  /** The gradient before the hidden layer's activation. */
  readonly hidden: tf.Tensor;
}

class NativeAffineCoupling {
  private readonly changed: number;
  private readonly batch: number;

  constructor(
    private readonly calls: TensorFlowCalls,
    private readonly call: AffineCouplingCall,
  ) {
    this.changed = call.spec.size - call.spec.kept;
    this.batch = call.x.shape[0];
  }

  forward(): { outputs: [tf.Tensor2D, tf.Tensor1D]; saved: tf.Tensor[] } {
    const { calls, changed } = this;
    const { parameters, context, contextOffset, inverse, spec } = this.call;
    const { kept, hiddenSize, maximumLogScale } = spec;
    const [flat1, bias1, flat2, bias2] = calls.split(
      parameters,
      [kept * hiddenSize, hiddenSize, 2 * changed * hiddenSize, 2 * changed],
      0,
    ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const weight1 = calls.reshape(flat1, [kept, hiddenSize]);
    const weight2 = calls.reshape(flat2, [2 * changed, hiddenSize]);
    const [keptValues, values] = this.splitColumns(this.call.x);

    let sum = calls.call('AddV2', calls.matMul(keptValues, weight1), bias1);
    if (context !== undefined) {
      const rest = context.shape[1] - contextOffset - hiddenSize;
      sum = calls.call('AddV2', sum, calls.split(context, [contextOffset, hiddenSize, rest], 1)[1]!);
    }
    const hidden = calls.call('Tanh', sum);
    const head = calls.call('AddV2', calls.matMul(hidden, weight2, { transposeB: true }), bias2);
    const [raw, shift] = calls.split(head, [changed, changed], 1) as [tf.Tensor, tf.Tensor];
    const share = calls.call('Tanh', calls.call('RealDiv', raw, tf.scalar(maximumLogScale)));
    const logScale = calls.call('Mul', share, tf.scalar(inverse ? -maximumLogScale : maximumLogScale));
    const scale = calls.call('Exp', logScale);
    const mapped = inverse
      ? calls.call('Mul', calls.call('Sub', values, shift), scale)
      : calls.call('AddV2', calls.call('Mul', values, scale), shift);
    const y = calls.concat(this.inOrder(keptValues, mapped), 1) as tf.Tensor2D;
    const logDet = calls.sum(logScale, 1) as tf.Tensor1D;
    return {
      outputs: [y, logDet],
      saved: [keptValues, values, weight1, weight2, hidden, share, scale, mapped],
    };
  }

  inputGradient(gradients: readonly tf.Tensor[], saved: readonly tf.Tensor[]): tf.Tensor {
    const { calls } = this;
    const { kept, values, hidden } = this.deltas(gradients, saved);
    const throughHidden = calls.matMul(hidden, saved[2]!, { transposeB: true });
    return calls.concat(this.inOrder(calls.call('AddV2', kept, throughHidden), values), 1);
  }

  parameterGradient(gradients: readonly tf.Tensor[], saved: readonly tf.Tensor[]): tf.Tensor {
    const { calls, changed } = this;
    const { kept, hiddenSize } = this.call.spec;
    const deltas = this.deltas(gradients, saved);
    const weight1 = calls.matMul(saved[0]!, deltas.hidden, { transposeA: true });
    const weight2 = calls.matMul(deltas.head, saved[4]!, { transposeA: true });
    return calls.concat(
      [
        calls.reshape(weight1, [kept * hiddenSize]),
        calls.sum(deltas.hidden, 0),
        calls.reshape(weight2, [2 * changed * hiddenSize]),
        calls.sum(deltas.head, 0),
      ],
      0,
    );
  }

  /** The gradient in the context, zero in the columns that other layers read. */
  contextGradient(gradients: readonly tf.Tensor[], saved: readonly tf.Tensor[]): tf.Tensor {
    const { context, contextOffset, spec } = this.call;
    const rest = context!.shape[1] - contextOffset - spec.hiddenSize;
    const { hidden } = this.deltas(gradients, saved);
    return tf.pad(hidden as tf.Tensor2D, [
      [0, 0],
      [contextOffset, rest],
    ]);
  }

  private deltas([dy, dLogDet]: readonly tf.Tensor[], saved: readonly tf.Tensor[]): Deltas {
    const { calls } = this;
    const [, values, , weight2, hidden, share, scale, mapped] = saved as tf.Tensor[];
    const [kept, above] = this.splitColumns(dy!);
    const density = calls.reshape(dLogDet!, [this.batch, 1]);
    const dValues = calls.call('Mul', above, scale!);
    // y = c exp(s) + t with log-determinant sum s or, inverted, y = (c - t) exp(-s) with log-determinant -sum s.
    let dLogScale: tf.Tensor;
    let dShift = above;
    if (this.call.inverse) {
      dLogScale = calls.call('Neg', calls.call('AddV2', calls.call('Mul', above, mapped!), density));
      dShift = calls.call('Neg', dValues);
    } else {
      dLogScale = calls.call('AddV2', calls.call('Mul', dValues, values!), density);
    }
    // The slope of s = M tanh(raw / M) is the slope of tanh at raw / M.
    const head = calls.concat([calls.call('TanhGrad', share!, dLogScale), dShift], 1);
    const dHidden = calls.call('TanhGrad', hidden!, calls.matMul(head, weight2!));
    return { kept, values: dValues, head, hidden: dHidden };
  }

  /** The kept columns and the changed ones. */
  private splitColumns(x: tf.Tensor): [kept: tf.Tensor, changed: tf.Tensor] {
    const { kept, keeps } = this.call.spec;
    const sizes = keeps === 'first' ? [kept, this.changed] : [this.changed, kept];
    const [first, second] = this.calls.split(x, sizes, 1) as [tf.Tensor, tf.Tensor];
    return keeps === 'first' ? [first, second] : [second, first];
  }

  private inOrder(kept: tf.Tensor, changed: tf.Tensor): tf.Tensor[] {
    return this.call.spec.keeps === 'first' ? [kept, changed] : [changed, kept];
  }
}
