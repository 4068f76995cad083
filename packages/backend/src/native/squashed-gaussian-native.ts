import * as tf from '@tensorflow/tfjs-core';
import { isRecording, recordDifferentiable } from '../kernels/differentiable.js';
import type { SquashedGaussianSample } from '../operations/squashed-gaussian.js';
import type { NativeBackend } from './native-backend.js';
import { TensorFlowCalls } from './tensorflow-calls.js';

/** The part that does not depend on the sample. Per dimension, log N has -log(2 pi) / 2 and the squash -2 log 2. */
const constantPerAction = -0.5 * Math.log(2 * Math.PI) - 2 * Math.LN2;

/**
 * `squashedGaussian` in TensorFlow calls. With s the clamped log standard deviation, n the noise and u the raw action,
 * log pi = sum_i -n^2 / 2 - s + 2 u + 2 softplus(-2 u) + constant, computed as a product with a column of coefficients;
 * d log pi / du = 2 tanh(u).
 */
export function nativeSquashedGaussian(
  backend: NativeBackend,
  head: tf.Tensor2D,
  noise: tf.Tensor2D,
  minimum: number,
  maximum: number,
): SquashedGaussianSample {
  const calls = new TensorFlowCalls(backend);
  const [batch, actions] = noise.shape;

  const forward = () => {
    const [mean, rawLogStd] = calls.split(head, [actions, actions], 1) as [tf.Tensor, tf.Tensor];
    const logStd = calls.call('ClipByValue', rawLogStd, tf.scalar(minimum), tf.scalar(maximum));
    const offset = calls.call('Mul', calls.call('Exp', logStd), noise);
    const rawAction = calls.call('AddV2', mean, offset);
    const action = calls.call('Tanh', rawAction);
    const softplus = calls.call('Softplus', calls.call('Mul', rawAction, tf.scalar(-2)));
    const terms = calls.concat([calls.call('Square', noise), logStd, rawAction, softplus], 1);
    const coefficients = tf.tensor2d(
      [-0.5, -1, 2, 2].flatMap((value) => new Array<number>(actions).fill(value)),
      [4 * actions, 1],
    );
    const sum = calls.reshape(calls.matMul(terms, coefficients), [batch]);
    const logProb = calls.call('AddV2', sum, tf.scalar(actions * constantPerAction));
    return {
      outputs: [action, rawAction, logProb] as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D],
      saved: [rawLogStd, logStd, offset, action],
    };
  };

  const outputs = isRecording()
    ? (recordDifferentiable({
        inputs: { head },
        forwardFunc: (_, save) => {
          const { outputs, saved } = forward();
          save(saved);
          return outputs;
        },
        backwardsFunc: (gradients, saved) => {
          const [dAction, dRawAction, dLogProb] = gradients as tf.Tensor[] as [
            tf.Tensor,
            tf.Tensor,
            tf.Tensor,
          ];
          const [rawLogStd, logStd, offset, action] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
          return {
            head: () => {
              const dLog = calls.reshape(dLogProb, [batch, 1]);
              const throughLog = calls.call('Mul', action, calls.call('Mul', dLog, tf.scalar(2)));
              const dMean = calls.sumOfAll([calls.call('TanhGrad', action, dAction), dRawAction, throughLog]);
              const dLogStd = calls.call('Sub', calls.call('Mul', dMean, offset), dLog);
              // The gradient is zero where the clamp changed the value.
              const inside = tf.cast(tf.equal(rawLogStd, logStd), 'float32');
              return calls.concat([dMean, calls.call('MulNoNan', dLogStd, inside)], 1);
            },
          };
        },
      }) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D])
    : tf.tidy(() => forward().outputs);
  const [action, rawAction, logProb] = outputs;
  return { action, rawAction, logProb };
}
