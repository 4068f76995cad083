import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { valuesFrom } from './values.js';

/** Expects equal lengths and differences of at most `tolerance` times the largest magnitude (at least 1). */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5): void {
  expect(actual.length).toBe(expected.length);
  let largest = 1;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]!));
    const difference = Math.abs(actual[i]! - expected[i]!);
    // A NaN on one side only must not slip through.
    worst = Math.max(worst, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }
  expect(worst / largest).toBeLessThanOrEqual(tolerance);
}

/** `expectClose` for tensors of one shape. */
export function expectTensorsClose(actual: tf.Tensor, expected: tf.Tensor, tolerance?: number): void {
  expect(actual.shape).toEqual(expected.shape);
  expectClose(actual.dataSync(), expected.dataSync(), tolerance);
}

/** A float32 tensor of reproducible values in [-1, 1). */
export function tensorFrom<R extends tf.Rank>(seed: number, shape: tf.ShapeMap[R]): tf.Tensor<R> {
  return tf.tensor(valuesFrom(seed, tf.util.sizeFromShape(shape)), shape);
}

/** Central differences of f at each entry of x. */
export function differences(x: Float32Array, f: (moved: Float64Array) => number): number[] {
  const h = 1e-6;
  return Array.from(x, (_, i) => {
    const at = (step: number) => f(Float64Array.from(x, (value, j) => (i === j ? value + step : value)));
    return (at(h) - at(-h)) / (2 * h);
  });
}
