import { RunningStatistics, type Snapshot, SnapshotMismatchError, showStored } from '@maxent/core';
import * as z from 'zod';
import type { AgentPart } from './agent-parts.js';
import type { TransitionRow } from './transition-reader.js';

export const rewardScalingField = z
  .boolean()
  .default(false)
  .describe(
    'divide rewards by the spread of discounted returns in training, so that values are of the order of 1; rewardScale multiplies the result',
  );

/** Added to the variance before its root is taken. */
const EPSILON = 1e-8;
/** The largest return may be at most this many times D. */
const RETURN_LIMIT = 5;

/**
 * What rewards are divided by before learning (SimbaV2, Lee et al. 2025, arXiv 2502.15280, section 4.4):
 *
 *   D = max(sqrt(variance of G + 1e-8), max |G| / 5),  G = discount^duration G + r,
 *
 * over the returns so far, G, of all episodes of training. Each episode starts from G = 0; the public code carries G
 * into the next episode and then keeps only its last reward. No mean is subtracted. Replay keeps raw rewards; the
 * learned Q is the value divided by D.
 */
export class RewardScaling implements AgentPart {
  private readonly statistics = new RunningStatistics(1);
  private runningReturn = 0;
  private largest = 0;

  /** @param discount per step of the underlying process. */
  constructor(private readonly discount: number) {}

  /** D. It is 1 before the first reward. */
  get divisor(): number {
    const spread = Math.sqrt(this.statistics.variance[0]! + EPSILON);
    return Math.max(spread, this.largest / RETURN_LIMIT);
  }

  /** Adds the reward of a training step to the statistics. */
  count({
    reward,
    duration,
    terminated,
    truncated,
  }: Pick<TransitionRow, 'reward' | 'duration' | 'terminated' | 'truncated'>): void {
    this.runningReturn = this.discount ** duration * this.runningReturn + reward;
    this.statistics.update([this.runningReturn]);
    this.largest = Math.max(this.largest, Math.abs(this.runningReturn));
    if (terminated || truncated) this.runningReturn = 0;
  }

  save(): Snapshot {
    const { arrays, metadata } = this.statistics.save();
    return {
      arrays,
      metadata: { ...metadata, runningReturn: this.runningReturn, largestReturn: this.largest },
    };
  }

  /** Throws SnapshotMismatchError, changing nothing, if the snapshot holds something else. */
  load(snapshot: Snapshot): void {
    const { runningReturn, largestReturn } = snapshot.metadata;
    for (const [name, value] of Object.entries({ runningReturn, largestReturn })) {
      if (typeof value !== 'number') {
        throw new SnapshotMismatchError(`metadata.${name}: expected a number, got ${showStored(value)}`);
      }
    }
    this.statistics.load(snapshot);
    this.runningReturn = runningReturn as number;
    this.largest = largestReturn as number;
  }
}
