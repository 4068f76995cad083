import type * as tf from '@tensorflow/tfjs-core';
import type { SquashedGaussianSample } from '../operations/squashed-gaussian.js';
import { isRecording, recordDifferentiable } from './differentiable.js';
import type { FusedKernels } from './fused-kernels.js';

/** `squashedGaussian` on the fused kernels. */
export function fusedSquashedGaussian(
  kernels: FusedKernels,
  head: tf.Tensor2D,
  noise: tf.Tensor2D,
  minimum: number,
  maximum: number,
): SquashedGaussianSample {
  const [batch, actions] = noise.shape;

  const forward = (): [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D] => {
    const action = kernels.allocate<tf.Rank.R2>([batch, actions]);
    const rawAction = kernels.allocate<tf.Rank.R2>([batch, actions]);
    const logProb = kernels.allocate<tf.Rank.R1>([batch]);
    kernels.run.squashedGaussian(
      kernels.address(head),
      kernels.address(noise),
      kernels.address(action),
      kernels.address(rawAction),
      kernels.address(logProb),
      batch,
      actions,
      minimum,
      maximum,
    );
    return [action, rawAction, logProb];
  };

  const outputs = isRecording()
    ? recordDifferentiable({
        inputs: { head },
        forwardFunc: (_, save) => {
          const computed = forward();
          save([head, noise, computed[0]]);
          return computed;
        },
        backwardsFunc: (gradients, [savedHead, savedNoise, action]) => ({
          head: () => {
            const gradient = kernels.allocate<tf.Rank.R2>([batch, 2 * actions]);
            const [dAction, dRawAction, dLogProb] = gradients.map((tensor) => kernels.address(tensor));
            kernels.run.squashedGaussianGradient(
              kernels.address(savedHead!),
              kernels.address(savedNoise!),
              kernels.address(action!),
              dAction!,
              dRawAction!,
              dLogProb!,
              kernels.address(gradient),
              batch,
              actions,
              minimum,
              maximum,
            );
            return gradient;
          },
        }),
      })
    : forward();
  const [action, rawAction, logProb] = outputs as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
  return { action, rawAction, logProb };
}
