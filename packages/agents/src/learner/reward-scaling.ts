import { RunningStatistics, type Snapshot, SnapshotMismatchError, showStored } from '@maxent/core';
import * as z from 'zod';
import type { AgentPart } from './agent-parts.js';
import { readOthers, saveOthers } from './environments.js';
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
 * into the next episode and then keeps only its last reward. Several environments have a G each and one D. No mean is
 * subtracted. Replay keeps raw rewards; the learned Q is the value divided by D.
 */
export class RewardScaling implements AgentPart {
  private readonly statistics = new RunningStatistics(1);
  /** G of each environment whose episode has begun. */
  private returns = new Map<number, number>();
  private largest = 0;

  /** @param discount per step of the underlying process. */
  constructor(private readonly discount: number) {}

  /** D. It is 1 before the first reward. */
  get divisor(): number {
    const spread = Math.sqrt(this.statistics.variance[0]! + EPSILON);
    return Math.max(spread, this.largest / RETURN_LIMIT);
  }

  /** Adds the reward of a training step in one of several environments to the statistics. */
  count(
    {
      reward,
      duration,
      terminated,
      truncated,
    }: Pick<TransitionRow, 'reward' | 'duration' | 'terminated' | 'truncated'>,
    environment = 0,
  ): void {
    const before = this.returns.get(environment) ?? 0;
    const current = this.discount ** duration * before + reward;
    this.statistics.update([current]);
    this.largest = Math.max(this.largest, Math.abs(current));
    if (terminated || truncated) this.returns.delete(environment);
    else this.returns.set(environment, current);
  }

  /** Begins a new episode in every environment, whether or not the last one ended. */
  beginEpisodes(): void {
    this.returns.clear();
  }

  save(): Snapshot {
    const { arrays, metadata } = this.statistics.save();
    const others = [...this.returns].filter(([environment]) => environment > 0);
    return {
      arrays,
      metadata: {
        ...metadata,
        runningReturn: this.returns.get(0) ?? 0,
        largestReturn: this.largest,
        ...saveOthers('runningReturns', others, (current) => current),
      },
    };
  }

  /** Throws SnapshotMismatchError, changing nothing, if the snapshot holds something else. */
  load(snapshot: Snapshot): void {
    const { runningReturn, runningReturns, largestReturn } = snapshot.metadata;
    const returns = readOthers(runningReturns, 'metadata.runningReturns', (current, environment) =>
      requireNumber(`runningReturns.${environment}`, current),
    );
    returns.set(0, requireNumber('runningReturn', runningReturn));
    const largest = requireNumber('largestReturn', largestReturn);
    this.statistics.load(snapshot);
    this.returns = returns;
    this.largest = largest;
  }
}

function requireNumber(name: string, value: unknown): number {
  if (typeof value === 'number') return value;
  throw new SnapshotMismatchError(`metadata.${name}: expected a number, got ${showStored(value)}`);
}
