import { readScalar } from '@maxent/backend';
import type { Metrics } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Losses and statistics of a gradient step: numbers, scalars on the backend, or functions called when the value is
 * read.
 */
export type StepMetrics = Readonly<Record<string, number | tf.Scalar | (() => number)>>;

/** The metrics of the last gradient step. Scalars stay on the backend until they are read. */
export class LastMetrics {
  private values: StepMetrics = {};

  /** Replaces the previous metrics; scalars outlive the tidy that made them. */
  set(values: StepMetrics): void {
    this.clear();
    for (const value of Object.values(values)) if (value instanceof tf.Tensor) tf.keep(value);
    this.values = values;
  }

  read(): Metrics {
    return Object.fromEntries(
      Object.entries(this.values).map(([name, value]) => [
        name,
        typeof value === 'function' ? value() : value instanceof tf.Tensor ? readScalar(value) : value,
      ]),
    );
  }

  clear(): void {
    for (const value of Object.values(this.values)) if (value instanceof tf.Tensor) value.dispose();
    this.values = {};
  }
}
