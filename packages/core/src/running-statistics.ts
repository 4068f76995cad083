import { isFloat64Array } from './arrays.js';
import { SnapshotMismatchError } from './errors.js';
import { showStored } from './show-value.js';
import type { Snapshot } from './snapshot.js';

/**
 * The mean and population variance of a stream of vectors, entry by entry (Welford's recurrence), in float64. As in
 * Gymnasium, it starts as if it had already seen 0.0001 vectors of mean 0 and variance 1.
 */
export class RunningStatistics {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  private weight = 1e-4;

  constructor(readonly size: number) {
    this.mean = new Float64Array(size);
    this.variance = new Float64Array(size).fill(1);
  }

  /** How many vectors it has seen. */
  get count(): number {
    return Math.round(this.weight);
  }

  update(values: ArrayLike<number>): void {
    const total = this.weight + 1;
    for (let i = 0; i < this.size; i++) {
      const difference = values[i]! - this.mean[i]!;
      this.mean[i]! += difference / total;
      const squares = this.variance[i]! * this.weight + (difference * difference * this.weight) / total;
      this.variance[i] = squares / total;
    }
    this.weight = total;
  }

  save(): Snapshot {
    return {
      arrays: {
        mean: { shape: [this.size], data: this.mean.slice() },
        variance: { shape: [this.size], data: this.variance.slice() },
      },
      metadata: { weight: this.weight },
    };
  }

  /** Throws SnapshotMismatchError, changing nothing, if the snapshot is not one of statistics of this size. */
  load(snapshot: Snapshot): void {
    const mean = this.requireVector(snapshot, 'mean');
    const variance = this.requireVector(snapshot, 'variance');
    const { weight } = snapshot.metadata;
    if (typeof weight !== 'number' || !(weight > 0)) {
      throw new SnapshotMismatchError(
        `metadata.weight: expected a number above 0, got ${showStored(weight)}`,
      );
    }
    this.weight = weight;
    this.mean.set(mean);
    this.variance.set(variance);
  }

  private requireVector({ arrays }: Snapshot, name: string): Float64Array {
    const data = arrays[name]?.data;
    if (isFloat64Array(data) && data.length === this.size) return data;
    const got = data === undefined ? 'none' : `${data.length} in a ${data.constructor.name}`;
    throw new SnapshotMismatchError(`arrays.${name}: expected ${this.size} float64 numbers, got ${got}`);
  }
}
