import * as tf from '@tensorflow/tfjs-core';
/** @throws InvalidInputError unless `shape` broadcasts to `target` without changing it. */
export declare function checkBroadcastsTo(
  field: string,
  shape: readonly number[],
  target: readonly number[],
): void;
/** @throws InvalidInputError unless the two shapes broadcast to a common one. */
export declare function checkBroadcastsWith(
  field: string,
  shape: readonly number[],
  other: readonly number[],
): void;
/** @throws InvalidInputError unless every dimension is a positive integer. */
export declare function checkSampleShape(sampleShape: readonly number[], field?: string): void;
/** A new tensor of the values of `x`, repeated to `shape`. */
export declare function broadcastTo(x: tf.Tensor, shape: readonly number[]): tf.Tensor;
//# sourceMappingURL=shapes.d.ts.map
