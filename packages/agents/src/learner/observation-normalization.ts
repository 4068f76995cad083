import { type NormalizationLayer, RunningStatistics, type ShapedArray, type Snapshot } from '@maxent/core';
import * as z from 'zod';
import type { AgentPart } from './agent-parts.js';

export const normalizationFields = {
  normalizeObservations: z
    .boolean()
    .default(false)
    .describe(
      'shift and scale each entry of the observations to mean 0 and variance 1 over training; leave this off if the environment normalizes its observations itself',
    ),
};

/** Added to a variance before its root is taken. */
const EPSILON = 1e-8;
/**
 * An entry that never changed in training has almost no variance; if it changes later, its scaled value would explode.
 */
export const NORMALIZED_LIMIT = 10;

/**
 * Scales each entry of an observation by the statistics of the observations seen in training:
 *
 *   x' = clip((x - mean) / std, -10, 10),  std = sqrt(variance + 1e-8)
 *
 * (SimBa, Lee et al. 2024, arXiv 2410.09754, section 4.1, with a bound added). Replay keeps raw observations, so all of
 * them are always scaled by the current statistics. Before the first observation, mean 0 and variance 1 change nothing.
 */
export class ObservationNormalization implements AgentPart {
  private readonly statistics: RunningStatistics;
  private held = false;

  /** @param size entries of a flat observation. */
  constructor(size: number) {
    this.statistics = new RunningStatistics(size);
  }

  get size(): number {
    return this.statistics.size;
  }

  /** A copy, [size]. */
  get mean(): Float64Array {
    return this.statistics.mean.slice();
  }

  /** sqrt(variance + 1e-8), [size]. */
  get std(): Float64Array {
    return this.statistics.variance.map((variance) => Math.sqrt(variance + EPSILON));
  }

  /** Adds a flat, raw observation to the statistics. */
  count(observation: ArrayLike<number>): void {
    if (!this.held) this.statistics.update(observation);
  }

  /** From now on `count` changes nothing; `load` still does. */
  hold(): void {
    this.held = true;
  }

  /** Normalizes flat observations in place, row after row. */
  apply(rows: Float32Array): void {
    const { mean } = this.statistics;
    const { std, size } = this;
    for (let start = 0; start < rows.length; start += size) {
      for (let i = 0; i < size; i++) {
        const scaled = (rows[start + i]! - mean[i]!) / std[i]!;
        rows[start + i] = Math.min(Math.max(scaled, -NORMALIZED_LIMIT), NORMALIZED_LIMIT);
      }
    }
  }

  /** A copy of the statistics, which no longer changes with these. */
  copy(): ObservationNormalization {
    const copy = new ObservationNormalization(this.size);
    copy.load(this.save());
    return copy;
  }

  /**
   * What `apply` does to the entries from `from` on, as a layer of a `PolicyDescription`. Its tensors' names begin with
   * `<part>/`.
   */
  layer(part: string, from = 0): NormalizationLayer {
    return {
      type: 'normalization',
      mean: `${part}/mean`,
      variance: `${part}/variance`,
      epsilon: EPSILON,
      limit: NORMALIZED_LIMIT,
      from,
    };
  }

  /** The tensors that `layer` reads. */
  tensors(part: string): Readonly<Record<string, ShapedArray>> {
    const { mean, variance } = this.save().arrays;
    return { [`${part}/mean`]: mean!, [`${part}/variance`]: variance! };
  }

  save(): Snapshot {
    return this.statistics.save();
  }

  /**
   * Throws SnapshotMismatchError, changing nothing, if the snapshot holds something else or statistics of another size.
   */
  load(snapshot: Snapshot): void {
    this.statistics.load(snapshot);
  }
}
