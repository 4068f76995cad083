import type * as tf from '@tensorflow/tfjs-core';
import type { SoftBellmanTargetInputs, SoftPolicyLoss, SoftValueInputs } from '../operations/soft-values.js';
import { isRecording, recordDifferentiable } from './differentiable.js';
import type { FusedKernels } from './fused-kernels.js';

/** `softBellmanTarget`, or without rewards `softValue`, on the fused kernels. */
export function fusedSoftBellmanTarget(
  kernels: FusedKernels,
  inputs: SoftValueInputs & Partial<SoftBellmanTargetInputs>,
  batch: number,
): tf.Tensor1D {
  const { values, logProb, temperature, rewards, continues, discount = 0 } = inputs;
  const out = kernels.allocate<tf.Rank.R1>([batch]);
  const addressOf = (tensor: tf.Tensor | undefined) => (tensor === undefined ? 0 : kernels.address(tensor));
  kernels.run.softBellmanTarget(
    kernels.address(values),
    addressOf(logProb),
    addressOf(temperature),
    addressOf(rewards),
    addressOf(continues),
    kernels.address(out),
    values.size / batch,
    batch,
    discount,
  );
  return out;
}

/** `softValue` of values alone, with its gradient in them, on the fused kernels. */
export function fusedSmallestValue(kernels: FusedKernels, values: tf.Tensor, batch: number): tf.Tensor1D {
  return recordDifferentiable({
    inputs: { values },
    forwardFunc: (_, save) => {
      save([values]);
      return fusedSoftBellmanTarget(kernels, { values }, batch);
    },
    backwardsFunc: (dy, [saved]) => ({
      values: () => {
        const gradient = kernels.allocate(values.shape as [number, number]);
        kernels.run.smallestValueGradient(
          kernels.address(saved!),
          kernels.address(dy),
          kernels.address(gradient),
          values.size / batch,
          batch,
        );
        return gradient;
      },
    }),
  }) as tf.Tensor1D;
}

/** `squaredErrorLoss` on the fused kernels. */
export function fusedSquaredErrorLoss(
  kernels: FusedKernels,
  values: tf.Tensor,
  target: tf.Tensor1D,
): tf.Scalar {
  const batch = target.size;
  const shape = [values.size / batch, batch, 0.5 / batch] as const;
  const forward = (): tf.Scalar => {
    const loss = kernels.allocate<tf.Rank.R0>([]);
    kernels.run.squaredError(
      kernels.address(values),
      kernels.address(target),
      kernels.address(loss),
      ...shape,
    );
    return loss;
  };
  if (!isRecording()) return forward();
  return recordDifferentiable({
    inputs: { values },
    forwardFunc: (_, save) => {
      save([values, target]);
      return forward();
    },
    backwardsFunc: (dy, [savedValues, savedTarget]) => ({
      values: () => {
        const gradient = kernels.allocate(values.shape as [number, number]);
        kernels.run.squaredErrorGradient(
          kernels.address(savedValues!),
          kernels.address(savedTarget!),
          kernels.address(dy),
          kernels.address(gradient),
          ...shape,
        );
        return gradient;
      },
    }),
  }) as tf.Scalar;
}

/** `softPolicyLoss` on the fused kernels. */
export function fusedSoftPolicyLoss(
  kernels: FusedKernels,
  values: tf.Tensor,
  logProb: tf.Tensor,
  temperature: tf.Tensor,
): SoftPolicyLoss {
  const batch = logProb.size;
  const members = values.size / batch;
  const forward = (): [tf.Scalar, tf.Scalar] => {
    const loss = kernels.allocate<tf.Rank.R0>([]);
    const entropy = kernels.allocate<tf.Rank.R0>([]);
    kernels.run.softPolicyLoss(
      kernels.address(values),
      kernels.address(logProb),
      kernels.address(temperature),
      kernels.address(loss),
      kernels.address(entropy),
      members,
      batch,
    );
    return [loss, entropy];
  };
  const outputs = isRecording()
    ? recordDifferentiable({
        inputs: { values, logProb },
        forwardFunc: (_, save) => {
          save([values, temperature]);
          return forward();
        },
        backwardsFunc: ([dLoss, dEntropy], [savedValues, savedTemperature]) => {
          const fill = (dValues: tf.Tensor | undefined, dLogProb: tf.Tensor | undefined): void =>
            kernels.run.softPolicyLossGradient(
              kernels.address(savedValues!),
              kernels.address(savedTemperature!),
              kernels.address(dLoss!),
              kernels.address(dEntropy!),
              dValues === undefined ? 0 : kernels.address(dValues),
              dLogProb === undefined ? 0 : kernels.address(dLogProb),
              members,
              batch,
            );
          return {
            values: () => {
              const gradient = kernels.allocate(values.shape as [number, number]);
              fill(gradient, undefined);
              return gradient;
            },
            logProb: () => {
              const gradient = kernels.allocate(logProb.shape as [number]);
              fill(undefined, gradient);
              return gradient;
            },
          };
        },
      })
    : forward();
  const [loss, entropy] = outputs as [tf.Scalar, tf.Scalar];
  return { loss, entropy };
}
