import { isFloat32Array, type Snapshot, SnapshotMismatchError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';

export interface TemperatureConfig {
  /** "auto" is learnt. */
  readonly temperature: number | 'auto';
  /** Where a temperature that is learnt starts. */
  readonly initialTemperature: number;
}

/** The logarithm of the temperature, as a variable: whatever it learns, the temperature stays positive. */
export function createLogTemperature({
  temperature,
  initialTemperature,
}: TemperatureConfig): tf.Variable<tf.Rank.R0> {
  const start = temperature === 'auto' ? initialTemperature : temperature;
  return tf.tidy(() => tf.variable(tf.scalar(Math.log(start))));
}

/** Throws SnapshotMismatchError where there is none. */
export function loadLogTemperature(
  variable: tf.Variable<tf.Rank.R0>,
  { arrays }: Snapshot,
  agent: string,
): void {
  const data = arrays.logTemperature?.data;
  if (!isFloat32Array(data) || data.length !== 1) {
    throw new SnapshotMismatchError(`${agent}: the snapshot has no float32 scalar "logTemperature"`);
  }
  tf.tidy(() => variable.assign(tf.scalar(data[0]!)));
}
