import { InvalidInputError } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import { isRecording, isRecordingHigherOrder } from '../kernels/differentiable.js';
import { fusedKernels } from '../kernels/fused-kernels.js';
import {
  fusedSmallestValue,
  fusedSoftBellmanTarget,
  fusedSoftPolicyLoss,
  fusedSquaredErrorLoss,
} from '../kernels/soft-values-fused.js';
import { checkFloat32 } from './check-shape.js';
import {
  composedSoftBellmanTarget,
  composedSoftPolicyLoss,
  composedSquaredErrorLoss,
} from './soft-values-composed.js';

export interface SoftValueInputs {
  /** Q_i of each of M critics, [M, batch, 1]; or one network's, [batch, 1]. */
  readonly values: tf.Tensor;
  /** Log-density of the action that was drawn, [batch], in nats. Without it there is no entropy in the value. */
  readonly logProb?: tf.Tensor1D | undefined;
  /** Weight of the entropy; needed with `logProb`. */
  readonly temperature?: tf.Scalar | undefined;
}

export interface SoftBellmanTargetInputs extends SoftValueInputs {
  /** [batch] */
  readonly rewards: tf.Tensor1D;
  /** Factor of the value of what comes next, 0 at the end of an episode, [batch]. */
  readonly continues: tf.Tensor1D;
  readonly discount: number;
}

/**
 * An estimate of the soft value from one action: V = min_i values_i - temperature logProb, [batch]. Of members that are
 * equal, the first counts, and each gets the gradient. Differentiable, but with `logProb` not fused while a gradient is
 * being recorded.
 *
 * @throws InvalidInputError if a shape does not fit, or a tensor is not float32.
 */
export function softValue(inputs: SoftValueInputs): tf.Tensor1D {
  return softBellmanTargetOf(inputs);
}

/**
 * The soft Bellman target y = rewards + discount continues V with the V of `softValue`, [batch]. Differentiable, but not
 * fused while a gradient is being recorded.
 *
 * @throws InvalidInputError if a shape does not fit, or a tensor is not float32.
 */
export function softBellmanTarget(inputs: SoftBellmanTargetInputs): tf.Tensor1D {
  return softBellmanTargetOf(inputs);
}

function softBellmanTargetOf(inputs: SoftValueInputs & Partial<SoftBellmanTargetInputs>): tf.Tensor1D {
  const { values, logProb, temperature, rewards, continues } = inputs;
  const batch = checkValues(values);
  for (const [name, tensor] of Object.entries({ logProb, rewards, continues })) {
    if (tensor !== undefined) checkRow(name, tensor, batch);
  }
  if (logProb !== undefined) checkTemperature(temperature);
  const kernels = isRecordingHigherOrder() ? undefined : fusedKernels();
  if (kernels !== undefined && !isRecording()) return fusedSoftBellmanTarget(kernels, inputs, batch);
  const valuesAlone = logProb === undefined && rewards === undefined;
  return kernels !== undefined && valuesAlone
    ? fusedSmallestValue(kernels, values, batch)
    : composedSoftBellmanTarget(inputs);
}

/**
 * Half the batch mean of the squared errors of each of M networks, added up over them:
 * sum_(i, b) (values[i, b] - target[b])^2 / (2 batch). Differentiable in `values`.
 *
 * @param values [M, batch, 1] or [batch, 1].
 * @param target [batch]; no gradient flows to it.
 * @throws InvalidInputError if a shape does not fit, or a tensor is not float32.
 */
export function squaredErrorLoss(values: tf.Tensor, target: tf.Tensor1D): tf.Scalar {
  checkRow('target', target, checkValues(values));
  const kernels = isRecordingHigherOrder() ? undefined : fusedKernels();
  return kernels === undefined
    ? composedSquaredErrorLoss(values, target)
    : fusedSquaredErrorLoss(kernels, values, target);
}

export interface SoftPolicyLoss {
  /** Batch mean of temperature logProb - min_i values_i. */
  readonly loss: tf.Scalar;
  /** Minus the batch mean of logProb, an estimate of the policy's entropy. */
  readonly entropy: tf.Scalar;
}

/**
 * The loss of a policy that is trained by reparameterized actions, and its entropy, both differentiable in `values` and
 * `logProb`. The gradient of a minimum goes to each member that is equal to it. None flows to the temperature.
 *
 * @throws InvalidInputError if a shape does not fit, or a tensor is not float32.
 */
export function softPolicyLoss(inputs: Required<SoftValueInputs>): SoftPolicyLoss {
  const { values, logProb, temperature } = inputs as { [Name in keyof SoftValueInputs]-?: tf.Tensor };
  checkRow('logProb', logProb, checkValues(values));
  checkTemperature(temperature);
  const kernels = isRecordingHigherOrder() ? undefined : fusedKernels();
  return kernels === undefined
    ? composedSoftPolicyLoss(values, logProb, temperature)
    : fusedSoftPolicyLoss(kernels, values, logProb, temperature);
}

/** @returns the batch size. */
function checkValues(values: tf.Tensor): number {
  checkFloat32('values', values);
  const { rank, shape } = values;
  if ((rank !== 2 && rank !== 3) || shape[rank - 1] !== 1) {
    throw new InvalidInputError(
      'values',
      `expected shape [members, batch, 1] or [batch, 1], but got [${shape}]`,
    );
  }
  return shape[rank - 2]!;
}

function checkRow(field: string, tensor: tf.Tensor, batch: number): void {
  checkFloat32(field, tensor);
  if (tensor.rank !== 1 || tensor.size !== batch) {
    throw new InvalidInputError(
      field,
      `expected shape [${batch}], as values have, but got [${tensor.shape}]`,
    );
  }
}

function checkTemperature(temperature: tf.Tensor | undefined): void {
  if (temperature === undefined) {
    throw new InvalidInputError('temperature', 'expected a scalar next to logProb, but got none');
  }
  checkFloat32('temperature', temperature);
  if (temperature.size !== 1) {
    throw new InvalidInputError('temperature', `expected a scalar, but got shape [${temperature.shape}]`);
  }
}
