import { InvalidInputError, isRecord, showValue } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';

/** @throws InvalidInputError unless `value` is a tensor, from this copy of TensorFlow.js or another. */
export function requireTensor(field: string, value: unknown): void {
  if (isRecord(value) && Array.isArray(value.shape) && 'dataId' in value) return;
  const made =
    typeof value === 'number' ? `; write tf.scalar(${value})` : '; make one with tf.tensor(values)';
  throw new InvalidInputError(field, `expected a tensor, got ${showValue(value)}${made}`);
}

/** @throws InvalidInputError unless `value` is a distribution. */
export function requireDistribution(field: string, value: unknown): void {
  if (isRecord(value) && Array.isArray(value.batchShape) && Array.isArray(value.eventShape)) return;
  throw new InvalidInputError(field, `expected a distribution, got ${showValue(value)}`);
}

/** @throws InvalidInputError unless `shape` broadcasts to `target` without changing it. */
export function checkBroadcastsTo(field: string, shape: readonly number[], target: readonly number[]): void {
  const offset = target.length - shape.length;
  const fits = offset >= 0 && shape.every((size, i) => size === 1 || size === target[offset + i]);
  if (!fits)
    throw new InvalidInputError(field, `expected a shape that broadcasts to [${target}], got [${shape}]`);
}

/** @throws InvalidInputError unless the two shapes broadcast to a common one. */
export function checkBroadcastsWith(field: string, shape: readonly number[], other: readonly number[]): void {
  const length = Math.max(shape.length, other.length);
  for (let i = 1; i <= length; i++) {
    const [a, b] = [shape.at(-i) ?? 1, other.at(-i) ?? 1];
    if (a === b || a === 1 || b === 1) continue;
    throw new InvalidInputError(field, `expected a shape that broadcasts with [${other}], got [${shape}]`);
  }
}

/** @throws InvalidInputError unless every dimension is a positive integer. */
export function checkSampleShape(sampleShape: readonly number[], field = 'sampleShape'): void {
  if (!sampleShape.every((size) => Number.isInteger(size) && size > 0)) {
    throw new InvalidInputError(field, `expected positive integers, got [${sampleShape}]`);
  }
}

/** A new tensor with the values of `x`, repeated to `shape`. */
export function broadcastTo(x: tf.Tensor, shape: readonly number[]): tf.Tensor {
  return tf.broadcastTo(x, [...shape]);
}
