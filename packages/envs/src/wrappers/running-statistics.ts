import { InvalidInputError, type Snapshot } from '@maxent/core';
import { requireDoubles } from '../require-doubles.js';
import { requireNumber } from './wrapper.js';

/**
 * Mean and population variance of a stream of vectors, entry by entry (Welford's recurrence). As in Gymnasium it
 * starts as if 0.0001 vectors of mean 0 and variance 1 had been seen.
 */
export class RunningStatistics {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  private weight = 1e-4;

  constructor(readonly size: number) {
    this.mean = new Float64Array(size);
    this.variance = new Float64Array(size).fill(1);
  }

  /** Number of vectors seen. */
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

  /** Throws SnapshotMismatchError, changing nothing, when the snapshot is of something else or of another size. */
  load(snapshot: Snapshot): void {
    const mean = requireDoubles(snapshot, 'mean', this.size);
    const variance = requireDoubles(snapshot, 'variance', this.size);
    this.weight = requireNumber(snapshot, 'weight');
    this.mean.set(mean);
    this.variance.set(variance);
  }
}

export interface NormalizationOptions {
  /**
   * The statistics to normalise with, to share those of another wrapper. Default: new ones, of nothing seen yet.
   */
  readonly statistics?: RunningStatistics;
  /**
   * Only read the statistics. Use it for an evaluation environment, together with the training environment's
   * `statistics`: it then sees what the policy has learned from, and evaluating changes nothing. Default false.
   */
  readonly frozen?: boolean;
  /** Added to the variance before its root divides. Positive; default 1e-8. */
  readonly epsilon?: number;
}

/** The options with their defaults. Throws InvalidInputError for an epsilon that is not positive, or another size. */
export function resolveNormalization(
  { statistics, frozen = false, epsilon = 1e-8 }: NormalizationOptions,
  size: number,
): Required<NormalizationOptions> {
  if (!(epsilon > 0 && Number.isFinite(epsilon))) {
    throw new InvalidInputError('epsilon', `expected a positive number, got ${epsilon}`);
  }
  if (statistics !== undefined && statistics.size !== size) {
    throw new InvalidInputError('statistics', `expected a size of ${size}, got ${statistics.size}`);
  }
  return { statistics: statistics ?? new RunningStatistics(size), frozen, epsilon };
}
